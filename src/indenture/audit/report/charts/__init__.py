"""Pictures of a report: drawn once, shown as SVG on the page and as vectors in the PDF."""
