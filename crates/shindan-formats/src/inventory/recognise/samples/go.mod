module example.jp/x

go 1.21

require example.jp/y v1.0.0
