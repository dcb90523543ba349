"""Text → sentences, with what can be found of their places in a document."""
