# 診断コードと判定不能の理由。一行に一つ。何が起きたか、次に何をすればよいかを書く。
# 値は { $名前 } だけを使う（選択式・関数は使わない）。JSON の text はこの形の英語版から作られる。

## 入力の読み取り
code-file-unreadable = ファイルまたはフォルダーを開けません（{ $reason }）。パスと読み取り権限を確認してください。
code-file-empty = ファイルが空です。書き出しに失敗していないか確認し、取り直してください。
code-folder-empty = フォルダーにファイルがありません。パスを確認してください。
code-file-too-large = ファイルが大きすぎます（{ $size } バイト、上限 { $limit } バイト）。分割するか、必要な部分だけを渡してください。
code-format-unknown = 対応している形式ではありません（{ $hint }）。対応形式と書き出し方は docs/formats.md にあります。脆弱性情報は { $do-kb-build } に、構成情報と機器一覧は { $do-check } に渡してください。
code-format-unsupported = この形式（{ $format } { $version }）にはまだ対応していません。対応している形式または版で取り直してください。
code-encoding-invalid = 文字コードを判別できません（{ $offset } バイト目）。UTF-8、または機器一覧では Shift_JIS（CP932）で保存し直してください。
code-json-invalid = JSON として読めません（{ $reason }）。途中で切れていないか確認し、取り直してください。
code-json-trailing-content = JSON の値の後ろに別の内容が続いています。複数のファイルが連結されていないか確認してください。
code-xml-invalid = XML として読めません（{ $reason }）。途中で切れていないか確認し、取り直してください。
code-xml-entity-refused = XML に実体宣言または DOCTYPE が含まれるため、安全のため読みませんでした。宣言を除いた正規のファイルを入手してください。
code-toml-invalid = TOML として読めません（{ $reason }）。ファイルを作り直してください。
code-yaml-invalid = YAML として読めません（{ $reason }）。途中で切れたり書き換えられたりしていないか確認し、作り直してください。
code-csv-invalid = CSV の行を読めません（{ $reason }）。引用符と列数を確認してください。この行は判定に含まれていません。
code-depth-exceeded = 入れ子が深すぎます（上限 { $limit } 段）。正しいファイルか確認してください。
code-line-too-long = 一行が長すぎます（上限 { $limit } バイト）。正しいファイルか確認してください。
code-archive-invalid = アーカイブを展開できません（{ $reason }）。取り直してください。
code-archive-too-many-entries = アーカイブ内のファイル数が上限（{ $limit }）を超えています。分割してください。
code-archive-bomb = 展開後の大きさが上限（{ $limit }）を超えるため展開を中止しました。入手元を確認してください。
code-archive-path-traversal = アーカイブの外を指す名前（{ $name }）が含まれるため読みませんでした。入手元を確認してください。
code-archive-nested = アーカイブの中にアーカイブ（{ $name }）があり、開いていません。先に展開して渡してください。
code-file-skipped = 対象外のファイルは読み飛ばしました（{ $hint }）。
code-link-skipped = フォルダー内の{ $hint }はたどらないため、読んでいません。必要なら、リンク先を直接指定してください。
code-field-missing = 必須項目 { $field } がありません。書き出し元の設定を確認してください。
code-field-invalid = 項目 { $field } の値「{ $value }」が正しくありません（正しい値：{ $expected }）。書き出し元で直してください。
code-field-tolerated = 項目 { $field } の値「{ $value }」は仕様どおりではありません（正しい値：{ $expected }）が、読み替えて使いました。念のため確認してください。
code-field-unknown = 項目 { $field } はこのプログラムが知らないものです（使える項目：{ $expected }）。つづりを確認してください。
code-spec-violation = 仕様に反する点があります（{ $rule }）。判定には影響しません。
code-reference-dangling = 項目 { $field } の参照先「{ $value }」が見つかりません。書き出し元に確認してください。
code-reference-cycle = 参照が循環しています（{ $value }）。循環を断って読みました。内容を確認してください。
code-duplicate-identifier = 項目 { $field } の識別子「{ $value }」が重複しています。同じものが二重に登録されていないか確認してください。
code-date-invalid = 項目 { $field } の日付「{ $value }」を読めません。日付なしとして扱いました。
code-source-reported-error = 情報源がエラーを返しています（{ $code }：{ $message }）。時間をおいて取り直してください。
code-source-placeholder = 情報源の「該当なし」を示す項目だったので、情報としては数えていません。
code-feed-page = これは全 { $total } 件のうち { $first } 件目から { $last } 件目までのページです。ほかのページもすべて取り込んだか確認してください。
code-feed-empty = 一覧に項目がありません。この情報源の一覧が空になることは通常なく、「新着なし」とはみなしません。情報源のページと、設定のアドレスを確認してください。
code-page-instead-of-data = データの代わりにウェブページ「{ $title }」が返されました。アドレスの変更か、プロキシの案内ページの可能性があります。ブラウザーで開いて確認してください。
code-address-refused = アドレス { $value } は使いません（{ $reason }）。信頼できるホストであれば、情報源の設定に追加してください。
code-list-too-long = 一覧の項目が { $limit } 件を超えるため、読み込みませんでした。正しいファイルか確認してください。
code-digests-contradict = ハッシュ値の一覧に { $name } の値が2つあり、一致しません。確認に使えないため、取り直してください。
code-mail-part-unreadable = メールの一部（{ $part }）を読み取れません（{ $reason }）。メールソフトで開いて保存し直すか、本文を手で入力してください。

## 脆弱性情報
code-advisory-without-product = { $id } には照合できる製品名がありません。原文を読み、該当する機器がないか人の目で確認してください。
code-opinion-without-version = 「{ $name }」は影響を受けないと書かれていますが、どの版のことか分かりません。その文書自体の要素にだけ適用し、同じ名前の他の製品には適用していません。作成者に版番号か purl を確認してください。
code-advisory-replaced = { $id } に内容の異なる二つの記録があり、新しい方を使いました。
code-advisory-withdrawn = { $id } は情報源により取り下げられています。該当としては扱いません。
code-cvss-invalid = CVSS の値「{ $vector }」が正しくないため使いませんでした（{ $reason }）。深刻度は原文で確認してください。
code-ecosystem-unknown = パッケージの種類「{ $ecosystem }」には対応していません。この種類の部品は判定できません。
code-update-catalogue-refused = Windows Update のオフラインスキャン用カタログ（wsusscn2.cab）は読み込めません。代わりに、マイクロソフトの「セキュリティ更新プログラム ガイド」の月例文書（CVRF または CSAF）を { $do-kb-build } に、インストール済みの更新プログラムの一覧を { $do-check } に渡してください。
code-vulnerabilities-not-stated = この { $format } 文書は構成情報で、脆弱性の記述がありません。知識ベースには何も加わりません。{ $do-check } に渡してください。

## 資産・部品の一覧
code-inventory-empty = 一覧に部品も機器も載っていません。「該当なし」とはいえません。書き出しの設定を確認し、作り直してください。
code-referenced-documents-not-read = この一覧は別の文書 { $count } 件を参照しています。そちらに記された部品は判定していません。あわせて指定してください。
code-purl-invalid = purl「{ $purl }」が正しくありません（{ $reason }）。この識別子では照合できません。SBOM の作成元で直してください。
code-cpe-invalid = CPE「{ $cpe }」が正しくありません（{ $reason }）。この識別子では照合できません。SBOM の作成元で直してください。
code-requirement-unpinned = 「{ $requirement }」は版が一つに決まっていません。実際に導入されている版の一覧（ロックファイル、SBOM、pip freeze の出力など）を渡してください。
code-dependencies-direct-only = このファイルには直接の依存だけが書かれています。そこから入る間接の依存は載っておらず、判定していません。ロックファイルか SBOM を渡してください。
code-inventory-exceeds-use = このファイル（{ $format }）には、実際には使われていないパッケージも載ることがあります。該当があっても、使われていない場合があります。
code-requirement-not-package = 「{ $line }」はパッケージの指定ではないため判定していません。指している内容を別に確認してください。
code-device-field-missing = { $row } 行目に { $field } がありません。メーカー・型番・バージョンを機器一覧に記入してください。
code-release-derived = パッケージ一覧に OS のリリースが書かれていないため、{ $evidence } から { $release } と判断しました。違う場合は SBOM の purl で distro を示してください。
code-release-not-derived = パッケージ一覧（{ $count } 件）から OS の種類またはリリースを判断できませんでした。base-files、redhat-release などリリースを示すパッケージを含む一覧を渡してください。
code-packages-not-installed = 導入されていないパッケージ（削除済みで設定だけが残るものなど）{ $count } 件は対象外としました。
code-package-details-missing = パッケージ { $count } 件に { $fields } がありません。EPOCH がないものはエポックを除いて比べ、SOURCERPM がないものはソースパッケージ名で公表された情報に当たりません。rpm -qa --qf で NAME、EPOCH、VERSION、RELEASE、ARCH、SOURCERPM を出力してください。
code-column-unknown = 列「{ $column }」は使いませんでした。必要な列であれば見出しの表記を確認してください。
code-workbook-encrypted = パスワードで保護されたファイルなので読めません。表計算ソフトで開き、パスワードを外した写しを保存して渡してください。
code-workbook-invalid = 表計算ファイルとして読めません（{ $reason }）。表計算ソフトで開き、xlsx 形式で保存し直してください。
code-sheet-too-large = 表が大きすぎるため、途中までしか読んでいません（上限 { $limit }、単位 { $unit }）。台帳以外のシートや余分な行・列を除いて保存し直してください。
code-ledger-not-found = 台帳らしい表が見つかりません（シート：{ $sheets }）。見出しの行（管理番号、メーカー、型番など）があるか確認し、必要なら { $with-sheet } や対応付けファイルの header_row で場所を指定してください。
code-sheet-missing = シート「{ $sheet }」がありません（あるもの：{ $sheets }）。シート名を確認してください。
code-table-not-read = ほかにも台帳らしい表があり、読んでいません（シート「{ $sheet }」{ $row } 行目から { $count } 行）。必要なら { $with-sheet } や対応付けファイルの header_row で指定して、別に取り込んでください。
code-mapping-column-missing = 対応付けファイルの { $field } が指す列「{ $value }」が台帳にありません。見出しが変わっていないか確認してください。
code-column-ambiguous = { $field } に当たる列が二つあり、「{ $column }」を使い「{ $other }」は使いませんでした。違う場合は対応付けファイルで指定してください。
code-column-doubtful = 列「{ $column }」を { $field } として読みましたが、中身が見出しと合っていません。対応付けファイルで直せます。
code-column-counts-rows = 列「{ $column }」は行の通し番号とみなし、機器の番号としては使いませんでした。機器の番号であれば、対応付けファイルで asset_id に指定してください。
code-column-filled-down = 列「{ $column }」は、まとまりの先頭にだけ書かれているとみなし、空欄 { $count } 件に上の値を入れました。違う場合は台帳の空欄を埋めてください。
code-section-applied = 区切りの行「{ $section }」を、その下の { $count } 件の { $field } として使いました（空欄だったもののみ）。
code-default-applied = 空欄の { $field } { $count } 件に、対応付けファイルの既定値「{ $value }」を入れました。
code-rows-left-out = 機器の行ではないとみなした行が { $count } 行あります（{ $rows } 行目）。
code-hidden-rows-read = 非表示の行 { $count } 行も読みました。不要な機器が含まれていないか確認してください。
code-cell-error = セル { $cell }（{ $field }）はエラー値か、計算されていない数式です（{ $value }）。表計算ソフトで開いて直し、保存し直してください。
code-cell-invalid = セル { $cell }（{ $field }）の「{ $value }」は読み取れません（正しい形の例：{ $expected }）。値は書かれたまま残しました。
code-version-is-number = セル { $cell } のバージョン「{ $value }」は数値として保存されています。1.10 が 1.1 になるなど、末尾の 0 が失われているおそれがあります。機器で確認し、セルを文字列にして記入してください。
code-version-is-date = セル { $cell } のバージョンは、表計算ソフトが日付（{ $value }）に変えています。元の値が分からないため使いませんでした。セルを文字列にして記入し直してください。
code-assets-retired = 廃棄・返却などと記された資産 { $count } 件は判定していません。
code-assets-not-in-ledger = 台帳からなくなった資産 { $count } 件も判定に含めています。廃棄したものであれば { $do-inventory-remove } で登録から外してください。
code-portfolio-damaged = 保管している一覧が壊れているか、足りません（{ $reason }）。{ $do-portfolio-rebuild } で作り直してください。元のファイルが壊れている場合は、{ $do-portfolio-add } で登録し直してください。
code-register-damaged = 登録済みの資産台帳の記録が壊れているか、足りません（{ $reason }）。バックアップから戻すか、別のフォルダーに台帳を取り込み直してください。
code-embedded-vulnerabilities-ignored = 一覧そのものに、読み取りに対応していない書き方（CycloneDX の脆弱性拡張 1.0、SPDX 3 のセキュリティ情報）で書かれた脆弱性 { $count } 件は使っていません。判定は取り込んだ脆弱性情報で行いました。
code-services-not-matched = 一覧にあるサービス { $count } 件は照合していません。提供元の公表情報を別に確認してください。
code-updates-incomplete = インストール済みの更新プログラムの一覧が途中で切れています（{ $stated } 件のはずが { $found } 件）。この一覧は使いませんでした。ファイルを取り直してください。
code-updates-unknown = インストール済みの更新プログラムが、このファイルからは分かりません。Get-HotFix の出力も同じフォルダーに置いて渡してください。
code-updates-by-build = 累積更新プログラムが KB 番号ではなくビルド番号で示されているため、ビルド番号で判定します。
code-updates-without-number = KB 番号のない更新プログラムの項目 { $count } 件は使いませんでした。
code-windows-not-named = 「{ $name }」がどの Windows を指すのか分かりません。systeminfo の出力も同じフォルダーに置いて渡してください。新しい Windows でまだ対応していない場合は、提供元の公表情報を直接確認してください。
code-programs-passed-over = プログラムの一覧のうち、更新プログラム { $updates } 件と、他のプログラムの一部など { $parts } 件は対象外としました。
code-host-joined = このファイルの内容は、{ $file } とあわせて一台のものとして扱いました。
code-host-ambiguous = どの機器のファイルか分かりません（同じフォルダーに { $count } 台分のファイルがあります）。ファイル名に機器の名前を入れるか、一台ごとにフォルダーを分けてください。
code-host-contradiction = このファイル（{ $second }）は { $file }（{ $first }）と食い違うため、あわせて扱いませんでした（ビルドが違うか、更新プログラムの一覧に共通するものがありません）。どちらかが別の機器のものか、古いものです。
code-sighting-line-unreadable = この行は読み取れず、照合していません: { $value }
code-sightings-none = このファイル（{ $format }）には機器が一つもありません（対象外 { $skipped } 件）。何も判断できません。正しいファイルか、途中で切れていないか確認してください。
code-sighting-scan-unfinished = スキャンが最後まで終わっていません（{ $reason }）。届かなかった範囲は分かりません。スキャンし直してください。
code-scan-unfinished = 診断が最後まで終わっていません（{ $reason }）。この報告にない所見を「解消」とは扱いません。
code-scan-time-untold = { $tool } のこの報告には診断日時がありません。所見は取り込みますが、「解消」の根拠にも対応の証明にもなりません。実施者・開始者・診断を実行した人以外の人が、同じファイルを日時付きで（{ $with-taken }）取り込んでください。
code-scan-read-elsewhere = これは診断の報告ではなく { $format } です。{ $verb } で読み込んでください。
code-scan-entry-unreadable = 項目 { $entry } を読めません（{ $reason }）。その所見はここに含まれていません。
code-scan-empty = 報告（{ $format }）に何も入っていません。所見も、診断を行ったことを示す記載もありません。診断し直すか、報告を出力し直してください。
code-scan-time-without-zone = { $field } の時刻「{ $value }」に時差がありません。日本時間とみなしました。
code-scan-too-many = 所見が読み込みの上限（{ $limit } 件）を超えています。残りは含まれていません。
code-scan-mapping-missing = 既知のツールの表ではありません。どの列が何かを指定してください（{ $with-column }、例：title=見出し）。見出し：{ $columns }
code-scan-tool-version-missing = 報告に { $tool } の版が書かれていません。
code-scan-version-not-matched = { $product } { $version } が公開されていますが、知識ベースと確実には照合できませんでした（製品が収録されていない、版を比較できない、または知識ベースがない）。手作業で確認してください。
code-scan-check-not-carried-out = 検査 { $rule } を実施できませんでした（{ $reason }）。合格とも不合格とも扱いません。対象を確かめて、もう一度検査してください。
code-scan-redirect-not-followed = { $from } は許可範囲の外の { $to } へ転送します。転送先には接続していません。
code-scan-address-not-permitted = { $host } は許可範囲の外のアドレス { $address } を指しています。そこには何も送っていません。
reason-scan-check-not-carried-out = 検査が未実施
reason-scan-time-untold = 診断日時の記載なし
reason-scan-address-not-permitted = 許可外のアドレス

## 判定できなかった理由
code-version-missing = 「{ $name }」の版が分からないため、該当するか判定できません。機器または提供元で版を確認し、一覧に記入してください。
code-order-unknown = 版「{ $version }」と脆弱性情報の版の前後を { $scheme } の規則では決められません。原文の対象範囲と見比べてください。
code-range-undetermined = 対象バージョンの記述「{ $text }」を機械的に読み取れません。原文を読み、使用中の版が含まれるか確認してください。
code-range-git-only = 対象がコミット（{ $repository }）だけで示され、版で判定できません。修正がどの版に入ったか提供元に確認してください。
code-identifier-missing = 「{ $name }」には照合に使える識別子（purl、CPE、メーカーと型番）がありません。SBOM の作成元に識別子を求めるか、機器一覧に記入してください。
code-ecosystem-not-covered = { $ecosystem } の脆弱性情報が取り込まれていないため、判定できません。該当する情報源を kb build で取り込んでください。
code-release-unknown = 「{ $name }」が OS のどのリリースのものか分からず、判定できません。purl に distro を付けるか、OS のリリースを確認してください。
code-maker-unknown = 取り込んだ脆弱性情報に、メーカー「{ $maker }」の名前が一つもありません。表記を確認し、メーカーの公表情報を直接確認してください。
code-model-unknown = メーカー「{ $maker }」の情報はありますが、型番「{ $model }」に一致するものがありません。表記の揺れと、搭載ソフトウェアの名前を確認してください。
code-product-unknown = この製品（{ $product }）に触れた情報が知識ベースにありません。名称の違いも考えられます。CPE 名を確認するか、提供元に問い合わせてください。
code-product-ambiguous = 対象製品が「{ $product }」とあいまいに書かれています。原文を読むか、メーカーに該当するか問い合わせてください。
code-platform-unknown = 特定の環境（{ $platform }）でだけ成り立つ脆弱性ですが、その環境かどうかが一覧から分かりません。構成を確認してください。
code-under-investigation = 情報源（{ $source }）が調査中です。続報を待ち、必要なら問い合わせてください。
code-update-state-unknown = 修正を含む更新プログラムが適用済みか分からないため、判定できません。Windows のビルド番号の末尾（更新プログラムで上がる番号）からも、インストール済み更新プログラムの一覧からも分かりません（分かっている版は { $version } まで）。ver コマンドと `Get-HotFix`（または `systeminfo`）の出力をあわせて渡すか、マイクロソフトの月例文書（CVRF または CSAF）を取り込んでください。
code-program-unknown = インストール済みのプログラム「{ $program }」に触れた情報が知識ベースにありません。名称の違いも考えられます。重要なものは提供元の公表情報を確認してください。
code-identity-judged-by-hand = メーカー「{ $maker }」の型番「{ $model }」は、公表される脆弱性情報に載らない製品として、担当者が個別に判断することになっています（理由: { $reason }）。メーカーの案内を定期的に確認してください。
code-confirmed-product-unknown = メーカー「{ $maker }」の型番「{ $model }」は「{ $product }」であると確認されていますが、この製品に触れた情報が知識ベースにありません。該当する情報源を kb build で取り込むか、確認した内容を見直してください。
code-software-unsettled = メーカー「{ $maker }」の型番「{ $model }」では複数のソフトウェアのいずれかが動きます（{ $products }）。型番だけでは決まらないため判定できません。機器の画面で確かめ、どれであるかを確定してください。
code-support-end-unreadable = サポート終了日「{ $value }」を読み取れないため、サポートが続いているか判定できません。2027-03-31 のように年月日で記入してください。

## 結果全体についての知らせ
code-support-ends-soon = 「{ $name }」のサポートがまもなく切れます。{ $date } 以降はサポートがありません（あと { $days } 日）。更新や更改の予定を立ててください。
code-support-ends-soon-summary = 90 日以内にサポートが切れる機器・製品が { $count } 件あります（{ $names } など。最も早いものは { $date } からサポートなし）。更新や更改の予定を立ててください。

## ガイドラインのデータと方針
code-catalog-conflict = 対策項目データ { $catalog } の { $entry } が矛盾しています（{ $reason }）。データファイルを直してください。
code-annex-without-rows = 別紙の項目番号（②-2 など）が見つかりません。別紙2の1ページ分の抽出テキストを指定してください。
code-annex-too-long = 異なる文字列の断片が { $count } 個あり、1ページの上限 { $limit } を超えています。1ページずつ取り込んでください。
code-decision-table-invalid = 決定表 { $table } に抜けまたは重複があります（{ $reason }）。表を直してください。

## 脆弱性情報の蓄積（知識ベース）
code-knowledge-missing = ここに知識ベースがありません。{ $do-kb-build } で脆弱性情報を取り込んでから実行してください。
code-knowledge-stale = 脆弱性情報が古くなっています（最新 { $newest }、{ $days } 日前。許容 { $limit } 日）。新しい情報を取り込んでください。
code-knowledge-stale-allowed = 古い脆弱性情報のまま判定しました（最新 { $newest }、{ $days } 日前。許容 { $limit } 日）。これ以降に公表された脆弱性は含まれません。新しい情報を取り込んで判定し直してください。
code-knowledge-damaged = 知識ベースの索引が壊れています（{ $reason }）。{ $do-kb-build } で作り直してください。
code-knowledge-version = 知識ベースの索引が別の版のプログラムで作られています（{ $found }、必要 { $expected }）。{ $do-kb-build } で作り直してください。
code-alias-fusion-refused = { $through } を介して { $first } と { $second } が同じものと扱われるのを避け、別々に数えています。
code-source-never-checked = 情報源 { $title }（{ $name }）は一度も正常に確認できていません。その情報はこの結果に含まれていません。{ $do-sync } で確認し、{ $do-source-status } で状況を見てください。
code-source-check-overdue = 情報源 { $title }（{ $name }）の確認が期限を過ぎています。この結果が使った情報は { $at } 時点です。{ $do-sync } で確認してください。
code-source-check-failed = 情報源 { $title }（{ $name }）の直近の確認は失敗しました。この結果が使った情報は { $at } 時点です。理由は { $do-source-status } で分かります。
code-source-suspicious = 情報源 { $title }（{ $name }）から直近に得た内容に不審な点があり（{ $alarms }）、まだ誰も確認していません。この結果に抜けがあるおそれがあります。{ $do-source-checks } で見て、{ $do-source-check-confirm } で確認してください。
code-source-stopped = 情報源 { $title }（{ $name }）は現在確認していません。{ $at } までの情報を使っています。休止中のものは { $do-source-resume } で再開できます。
code-sources-not-told = 知識ベースは情報源から収集したものですが、情報源を確認しているかどうかを調べられません（{ $reason }）。古い情報による結果のおそれがあります。
code-advisories-restricted = { $value } は TLP:{ $tlp } で、公開を前提としていません。他へ渡す前に発行元に確認してください。
code-documents-unproven = { $count } 件の文書にはハッシュも署名もありませんでした（発行元が約束していません）。出所を示すのは通信路（TLS）だけです。

## 調査の結果が証跡として示すこと
evidence-components-compared = 部品・機器 { $components } 件を公表済みの脆弱性情報（{ $data_as_of } 時点）と照合し、{ $judged } 件を判定、{ $findings } 件が該当、{ $undetermined } 件に判定できない点が残りました。
evidence-sources-consulted = { $sources } の情報源の文書 { $documents } 件・情報 { $advisories } 件（最新 { $newest }）を参照しました。
evidence-source-state = { $source }：{ $advisories } 件（最新 { $newest }）
evidence-priorities-computed = 該当 { $findings } 件すべてに優先度を付けました（即時 { $immediate }、臨時 { $out-of-cycle }、定期 { $scheduled }、見送り { $defer }）。リスク分析の入力になります。
evidence-devices-judged = 機器 { $devices } 件のうち { $judged } 件を公表済みの脆弱性情報（{ $data_as_of } 時点）と照合しました。{ $undetermined } 件に判定できない点があります。

## まだ示されていないこと
evidence-no-evidence-from-check = この調査では示せません。別の記録が必要です。
evidence-no-components = 渡された一覧に部品が一つもありません。
evidence-nothing-judged = { $components } 件のうち、判定できたものがありません。
evidence-no-findings = 該当がないため、優先度の根拠となるものがありません。
evidence-no-devices = 渡された一覧に機器が一つもありません。
evidence-no-sources = 脆弱性情報が取り込まれていません。
evidence-undetermined-remain = { $undetermined } 件に判定できない点が残っています。
evidence-data-date-unknown = 脆弱性情報がいつの時点のものか分かりません。
evidence-sources-partly-unreadable = 情報源の { $rejected } 件が読み取れていません。
evidence-regularity-not-shown = 定期的に行っていることは、一回の調査では示せません。
evidence-prompt-action-not-shown = 速やかに対応したことは、この調査では示せません。
evidence-decision-not-taken = 優先度は判断の材料です。リスク分析の承認と処置の決定はまだ行われていません。
evidence-operating-rule-not-shown = 運用管理規程と、更新を適用する手段は示されていません。
evidence-retired-devices-not-shown = 使用停止や故障のまま接続されている機器がないかは調べていません。
evidence-patched-by-unsettled = 更新責任者が決まっていない資産が { $count } 件あります。

# 判定の過程で使った規則（check --explain）
rule-as-specified = 識別子の仕様どおりに読み替えました。
rule-source-package = ディストリビューションの情報はソースパッケージについて述べるため、識別子にあるソースパッケージ名で調べました。
rule-names-folded = 記号・大文字小文字・全角半角・会社形態の違いを除いて比べました。
rule-maker-alias = 機器辞書により「{ $written }」を { $maker } の別表記とみなしました。
rule-runs-software = 機器辞書により、{ $maker } の { $pattern } には { $product } が載っているとみなしました。
rule-names-resemble = 名前が似ています（語が共通、または番号が系列の範囲内）。
rule-confirmed-by-person = 人が確定した製品です。
rule-other-identity-judged = 別の識別子で判定できたため、この識別子で判定できないことは問題にしません。
rule-in-range = 版 { $version } は範囲 { $range } に入ります。
rule-all-versions = すべての版が対象です。
rule-not-in-range = 版 { $version } は範囲 { $range } に入りません。
rule-other-release = 別のリリース向けの記述です（記述は { $theirs }、こちらは { $own }）。
rule-other-edition = 別のエディションまたは基盤についての記述です（記述は { $theirs }、こちらは { $own }）。
rule-outside-product = { $product } の中でだけ成り立つ記述で、その製品は一覧にありません。
rule-update-installed = 修正を含む更新プログラム { $update } が適用済みです。
rule-update-replaced = 修正を含む { $update } を置き換える更新プログラム { $installed } が適用済みです。
rule-withdrawn = 情報源が取り下げています。
rule-undetermined = 対象かどうかを決められません。
rule-clears-within = この版を影響なし・修正済みとしています。同じ情報の中でだけ効きます。
rule-denies = 製品をよく知る者が影響なし・修正済みと表明しています（VEX）。ほかの情報に対しても効きます。
rule-clears-nothing = 影響なし・修正済みとする記述ですが、こちらと比べられないため効きません。
rule-cleared-by-itself = 同じ情報が、この版を影響なし・修正済みとしています。
rule-denied = { $source }（{ $advisory }）が影響なし・修正済みとしています。
rule-superseded = 同じ情報源の新しい文書 { $advisory }（{ $source }）が改めています。
rule-contradicted = 同じ重みの別の文書、または同じ情報源が影響ありとしているため、この表明は採りません。
rule-answered-by-hit = ほかの記述で該当が決まったため、ここで決められないことは問題にしません。
rule-answered-by-versions = 版を挙げない記述です。版を挙げる情報源では対象外です。
rule-answered-by-denial = { $source }（{ $advisory }）が影響なし・修正済みとしています。
rule-said-already = 同じ脆弱性について同じ理由の判定不能がほかにあり、そちらにまとめました。
rule-alias-merged = { $first } と { $second } は同じ脆弱性です（{ $source } の { $advisory } による）。
rule-alias-refused = { $source } の { $advisory } は { $first } と { $second } を同じとしていますが、CVE 番号が二つになるためまとめません。
rule-alias-withdrawn = { $source } の { $advisory } は { $first } と { $second } を同じとしていましたが、取り下げています。
