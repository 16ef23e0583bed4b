module example.jp/x
go 1.22.1
require github.com/gin-gonic/gin
replace example.jp/a v1.0.0
<<<<<<< HEAD
require (
	example.jp/y v1.0.0
