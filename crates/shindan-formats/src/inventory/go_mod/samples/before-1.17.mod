module example.jp/old

go 1.13

require (
	github.com/gin-gonic/gin v1.6.3
	github.com/dgrijalva/jwt-go v3.2.0+incompatible
)
