"""The rules: each looks at a case and yields what it finds."""
