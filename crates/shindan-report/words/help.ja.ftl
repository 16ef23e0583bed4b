# 使い方の説明と、使い方の誤り。キーはコマンドラインの構造から作られる（help-動詞-引数）。

help-about = 診断: 医療情報システムの脆弱性を、構成情報・機器一覧と公表情報の照合で調べ、根拠を残します。
help-after = 終了コード:
    {"  "}0  完了（該当があっても 0）
    {"  "}1  --fail-on の条件に該当
    {"  "}2  使い方の誤り
    {"  "}3  読めない入力がある（読めた分は表示）
    {"  "}4  知識ベースがない、または --max-age より古い
    {"  "}10 改ざんの疑い、11 検証手段なし、12 鍵を認められない（patch verify）
    重なったときは 2、4、3、1、0 の順で優先します。

    はじめての場合: shindan demo    各コマンドの説明: shindan check --help    English: --lang en
help-heading-usage = 使い方:
help-heading-commands = コマンド
help-heading-arguments = 引数
help-heading-options = オプション
help-values = （使える値: { $value }）
help-default = （既定: { $value }）
help-env = （環境変数: { $value }）

help-kb = 脆弱性情報（知識ベース）の取り込み・状況・表示・書き出し
help-kb-build = 脆弱性情報（OSV・CSAF・CVE・JVN・KEV・EPSS）を読み、知識ベースを一度に置き換える
help-kb-build-paths = ファイル・フォルダー・zip。混ぜて指定できます
help-kb-build-add = 置き換えずに、今の知識ベースへ追加する
help-kb-build-devices = 自分の機器辞書（TOML）。付属の辞書の後に読みます
help-kb-status = 何が取り込まれ、何が除外されたかを情報源ごとに表示する
help-kb-show = 一つの脆弱性について、情報源ごとの見解を並べて表示する
help-kb-export = すべての情報を一行一件の JSON で書き出す
help-check = SBOM・ロックファイル・機器一覧を調べる：何が該当し、何から行い、何が判定できないか
help-check-paths = SBOM（CycloneDX・SPDX）・ロックファイル（Cargo・npm・pip・yarn・pnpm・Poetry・Go・Maven・.NET など）・パッケージ一覧（dpkg・rpm・apk）・Windows の systeminfo や更新プログラムの一覧・ネットワーク機器の show version・機器一覧（Excel・OpenDocument・CSV）、またはそのフォルダー
help-check-output = 画面ではなく、このファイルに書く（xlsx では必要）
help-check-format = 出力の形（table は画面、json はプログラム、jsonl は見つかり次第1件1行、html は印刷・回覧、csv・xlsx は表計算、sarif と cyclonedx-vex は他のツールに渡すもの）
help-check-explain = 名前・purl・型番・管理番号が一致する部品や機器について、検討した記述と使った規則をすべて示します（table または json）。
help-who = 一つの脆弱性に該当するものを調べる
help-who-paths = check と同じ一覧
help-version-order = 標準入力の「1.0 < 1.1」のような行が、版の順序規則に合うか確かめる
help-version-order-scheme = OSV のエコシステム名、または semver npm cargo go pypi maven nuget gem composer deb rpm apk pub cran hackage generic
help-cvss = CVSS（v2・v3.0・v3.1・v4.0）の値を計算し、一行一件の JSON で表示する
help-cvss-vectors = CVSS ベクター。- は標準入力の各行
help-crosswalk = 対策項目とガイドライン要求事項の対応表
help-crosswalk-show = 対策項目・要求事項と、その結び付きを、確実性の印とともに表示する
help-crosswalk-show-pack = 自分の対策項目データ（TOML）。付属のものと合わせます。繰り返し指定できます
help-crosswalk-show-data-dir = 取り込んだ原文も並べて表示する（取り込み先のフォルダー）
help-crosswalk-import = 別紙2の1ページの抽出テキストから、項目と要求事項の原文を読み取る
help-crosswalk-import-file = 1ページ分の抽出テキスト
help-crosswalk-import-pack = 自分の対策項目データ（TOML）。付属のものと合わせます。繰り返し指定できます
help-demo = サンプル病院と提供事業者のデータで、取り込みから報告書までを実行する
help-demo-dir = 書き込むフォルダー。無いか、空か、以前のデモであること

help-any-data-dir = 知識ベースのフォルダー
help-any-id = CVE・GHSA・RUSTSEC・JVNDB・ICSMA などの番号。大文字・小文字は問いません
help-any-format = 出力の形
help-any-fail-on = この優先度以上の該当（undetermined なら判定不能）があれば、終了コード 1。繰り返し指定できます。値: immediate, out-of-cycle, scheduled, defer, undetermined
help-any-now = いつの時点の答えか（2026-11-22 または 2026-11-22T09:00:00+09:00）。指定しなければ現在
help-any-max-age = 知識ベースの最新の資料がこの日数より古ければ、終了コード 4
help-any-allow-stale = --max-age より古くても使い、そのことを表示する
help-any-lang = 画面・報告書・メッセージの言語。JSON は変わりません
help-any-color = 表の色。色だけで伝えることはありません
help-any-help = この説明を表示する
help-any-version = 版を表示する

usage-missing = 必要な指定がありません：{ $argument }
usage-missing-command = コマンドを指定してください。
usage-missing-value = { $argument } の値がありません。
usage-unknown-argument = 「{ $argument }」という指定はありません。
usage-unknown-command = 「{ $command }」というコマンドはありません。
usage-wrong-value = 「{ $value }」は { $argument } の値として使えません。
usage-pdf-on-terminal = PDF は画面に出せません。--output で書き込むファイルを指定してください。
usage-workbook-on-terminal = Excel ファイルは画面に出せません。--output で書き込むファイルを指定してください。
usage-conflict = { $argument } は一度だけ指定してください。
usage-other = 使い方が正しくありません。
usage-explain-format = --explain は --format table と json で使えます。
usage-perhaps = もしかして: { $value }
usage-more = --help を付けると説明を表示します。
usage-expected-fail-on = 使える値: immediate, out-of-cycle, scheduled, defer, undetermined
usage-expected-scheme = OSV のエコシステム名、または次のいずれかを指定してください：{ $known }
usage-expected-time = 2026-11-22 のような日付、または 2026-11-22T09:00:00+09:00 のような日時を指定してください。
usage-expected-days = 日数を 0 以上の整数で指定してください。

## 資産台帳
help-inventory = 資産台帳の取り込み・取り消し・一覧・製品の確定
help-inventory-import = 資産台帳（Excel・OpenDocument・CSV）を取り込む。見出しと列の意味は自動で見つけます。読めないセルがあれば、読めた分を取り込み終了コード 3
help-inventory-import-file = 台帳のファイル（xlsx・xls・ods・csv・tsv）
help-inventory-import-preview = 取り込まずに、読み取り結果・確認が必要なセル・登録との違いを表示する
help-inventory-import-mapping = 列と言葉の意味を書いた対応付けファイル（TOML）。同じ見出しの台帳では次回から自動で使います
help-inventory-import-save-mapping = 今回の列の対応付けを、このファイルに書く
help-inventory-import-sheet = 読むシートの名前
help-inventory-import-ledger = 台帳の名前。指定しなければ、見出しと機器の重なりから判断します
help-inventory-import-strict = 読めないセルが一つでもあれば取り込まない
help-inventory-undo = 最後の取り込みを取り消す（取り消しも記録に残ります）
help-inventory-imports = 取り込みの一覧
help-inventory-show = 登録済みの機器の一覧
help-inventory-show-unsettled = 更新責任者・種別・バージョンなどが決まっていない機器だけ
help-inventory-remove = 台帳からなくなった機器を登録から外す
help-inventory-remove-asset = 管理番号、または JSON の key
help-inventory-remove-reason = 外す理由
help-inventory-map = メーカー・型番がどの製品かを確定する
help-inventory-map-list = 名前が見つからないメーカー・型番と候補、確定済みのもの
help-inventory-map-set = メーカー・型番がどの製品かを記録する
help-inventory-map-set-product = 脆弱性情報での名前 "Vendor/Product"。繰り返し指定できます
help-inventory-map-set-cpe = CPE 名。繰り返し指定できます
help-inventory-map-set-none = 該当する製品はない（人が判断する）
help-inventory-map-set-reason = 該当する製品がない理由
help-inventory-map-remove = 記録したことを取り消す
help-any-maker = 台帳に書かれたメーカー
help-any-model = 台帳に書かれた型番
help-any-by = 誰が行ったか（台帳を作る前だけ。作った後は個人トークン。指定しなければ OS の利用者名）
help-check-register = 登録済みの資産台帳も調べる（一覧を指定しなければ自動）
help-who-register = 登録済みの資産台帳も調べる（一覧を指定しなければ自動）
usage-expected-product = "Fortinet/FortiOS" のような "Vendor/Product" を指定してください。
usage-expected-cpe = cpe:2.3:o:fortinet:fortios:*:*:*:*:*:*:*:* のような CPE 名を指定してください。
