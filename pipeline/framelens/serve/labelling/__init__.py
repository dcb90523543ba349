"""A local page on which sentences of a sample are labelled: `framelens serve --label FILE`.

Each coder's answers are a file beside the sample, in its form, that is whole after every answer.
"""
