# web-forms
