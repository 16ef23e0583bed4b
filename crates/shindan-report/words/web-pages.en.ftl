# web-pages
