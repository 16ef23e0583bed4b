// Command trivy-db fills a trivy database (bbolt) from lines of JSON on standard input:
//
//	{"bucket":"cargo::OSV","package":"name","id":"RUSTSEC-…","title":"…","advisory":{"VulnerableVersions":[…],"PatchedVersions":[…]}}
//
// It is used by the benchmarks only, so that trivy answers from the same records as shindan.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"go.etcd.io/bbolt"
)

type line struct {
	Bucket   string          `json:"bucket"`
	Package  string          `json:"package"`
	ID       string          `json:"id"`
	Title    string          `json:"title"`
	Advisory json.RawMessage `json:"advisory"`
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: trivy-db FILE < lines")
		os.Exit(2)
	}
	if err := fill(os.Args[1], os.Stdin); err != nil {
		fmt.Fprintln(os.Stderr, "trivy-db:", err)
		os.Exit(1)
	}
}

func fill(path string, input io.Reader) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	db, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		return err
	}
	defer db.Close()
	return db.Update(func(tx *bbolt.Tx) error {
		decoder := json.NewDecoder(bufio.NewReaderSize(input, 1<<20))
		for {
			var one line
			if err := decoder.Decode(&one); errors.Is(err, io.EOF) {
				return nil
			} else if err != nil {
				return err
			}
			if err := put(tx, one); err != nil {
				return err
			}
		}
	})
}

func put(tx *bbolt.Tx, one line) error {
	root, err := tx.CreateBucketIfNotExists([]byte(one.Bucket))
	if err != nil {
		return err
	}
	pkg, err := root.CreateBucketIfNotExists([]byte(one.Package))
	if err != nil {
		return err
	}
	if err := pkg.Put([]byte(one.ID), one.Advisory); err != nil {
		return err
	}
	details, err := tx.CreateBucketIfNotExists([]byte("vulnerability"))
	if err != nil {
		return err
	}
	title, err := json.Marshal(map[string]string{"Title": one.Title})
	if err != nil {
		return err
	}
	return details.Put([]byte(one.ID), title)
}
