// The portal of the hospital.
module example.jp/portal

go 1.21

toolchain go1.21.5

require (
	github.com/gin-gonic/gin v1.6.3
	golang.org/x/crypto v0.0.0-20200622213623-75b288015ac9 // indirect
	example.jp/shared v0.0.0
	"gopkg.in/yaml.v2" v2.2.2
)

require example.jp/old v1.0.0 // replaced below
require example.jp/forked v1.4.0
require example.jp/taken v1.1.0
require example.jp/branch main

replace example.jp/shared => ../shared

replace (
	example.jp/old v1.0.0 => example.jp/new v1.5.0
	example.jp/forked => example.jp/fork v1.4.1-hospital.1
	example.jp/unused v9.0.0 => example.jp/unused v9.0.1
)

exclude example.jp/taken v1.1.0

retract [v1.0.0, v1.0.3] // leaked a key

tool golang.org/x/tools/cmd/stringer
