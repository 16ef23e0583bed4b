# コマンドラインの文。

cli-error = エラー
cli-warning = 注意
cli-note = 参考
cli-more-diagnostics = ほかに { $count } 件のエラー・注意があります。`shindan kb status --format json` または `--format json` で全件を確認できます。
cli-more-of-a-kind = … 同じ種類のものが、ほかに { $count } 件あります。
cli-not-found = { $id } は知識ベースにありません。番号を確認するか、その情報を含む資料を `shindan kb build --add` で取り込んでください。「該当しない」という意味ではありません。
cli-no-such-component = 「{ $name }」という名前・purl・型番・管理番号の部品や機器は、渡された一覧にありません。
cli-near-names = 近い名前：{ $names }
cli-nothing-readable = 読み取れた資料が一つもないため、知識ベースは変更していません。上のエラーを確認してください。
cli-not-written = 出力を書き込めません（{ $reason }）。空き容量と書き込み権限を確認してください。
cli-stdin-not-utf8 = 標準入力が UTF-8 ではありません。UTF-8 で渡してください。
cli-stage-reading = 資料を読み取り中
cli-stage-fetching = { $source } を取得中（{ $size }）
cli-stage-indexing = 索引を作成中
cli-stage-writing = 書き込み中
cli-demo-folder = { $path } には別のファイルがあります。空のフォルダー、または新しいフォルダー名を指定してください。
cli-demo-intro = サンプル病院と提供事業者のデータで、取り込みから報告書までを実行しました（基準日時 { $time }、ネットワーク不使用）。
cli-demo-report = 報告書（HTML）: { $path }
cli-demo-next = 次に試すこと:
cli-demo-json = 同じ結果を JSON で見る
cli-demo-who = この脆弱性に該当するのはどれか
cli-demo-show = 情報源ごとの見解を並べて見る
cli-demo-own = 自分の SBOM や機器一覧を調べる（列の例は { $path }）

## 資産台帳
cli-register-missing = { $path } に登録済みの資産台帳がありません。調べる一覧を指定するか、`shindan inventory import` で台帳を取り込んでください。
cli-nothing-to-undo = 取り消せる取り込みはありません。
cli-asset-unknown = { $name } は登録されていません。`shindan inventory show` で確認してください。
cli-asset-still-there = { $name } は台帳に載っているため外せません。台帳から削除して取り込み直すか、状態を「廃棄」にしてください。
cli-identity-unknown = { $maker } { $model } について記録されたことはありません。`shindan inventory map list` で確認してください。
