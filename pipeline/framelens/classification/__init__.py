"""Rule hits and terms → scores → labels, primary frame and evidence."""
