# 列挙値の表示名。キーは「種類-値」。

unknown = 不明
none = なし
yes = はい
no = いいえ

priority-immediate = 即時
priority-out-of-cycle = 臨時
priority-scheduled = 定期
priority-defer = 見送り
act-immediate = 通常業務より優先し、今すぐ対応します。
act-out-of-cycle = 次の定期保守を待たず、臨時の作業で対応します。
act-scheduled = 次の定期保守で対応します。
act-defer = 現時点では対応を要しません。状況が変われば見直します。

method-purl = パッケージ識別子（purl）
method-cpe = CPE 名
method-device-product = メーカー名と製品名
method-device-model = メーカー名と型番
method-hardware-software = 機器と搭載ソフトの対応表
method-support-end = サポート終了日
method-confirmed-identity = 人が確定した製品
method-bom-link = SBOM の要素への参照（BOM-Link）

confidence-high = 高
confidence-medium = 中
confidence-low = 低
confidence-note-high = 識別子が完全に一致し、版の前後も定義どおりに比べました。
confidence-note-medium = 名前の表記を揃えて一致したもの、または版の規則が公に定められていないものです。
confidence-note-low = 名前が似ている、または文章を解釈した結果です。作業の前に原文で確かめてください。

asset-kind-server = サーバ
asset-kind-terminal = 端末
asset-kind-network-device = ネットワーク機器
asset-kind-remote-maintenance = 保守回線機器
asset-kind-medical-device = 医療機器
asset-kind-iot-device = IoT 機器
asset-kind-application = アプリケーション・サービス

exposure-small = 閉域（厳しく管理）
exposure-controlled = 制限付き
exposure-open = インターネット等に公開

kind-vulnerability = 脆弱性
kind-misconfiguration = 設定不備
kind-unmaintained = 保守終了
kind-unsound = 実装の不健全
kind-end_of_life = サポート終了

severity-note = 参考
severity-warning = 注意
severity-error = 読み取り不能

cvss-none = なし
cvss-low = 注意
cvss-medium = 警告
cvss-high = 重要
cvss-critical = 緊急

point-exploitation = 悪用の状況
point-exposure = 公開範囲
point-automatable = 攻撃の自動化
point-human-impact = 人・業務への影響
point-finding-kind = 所見の種類

value-exploitation-none = 確認されていない
value-exploitation-poc = 実証コードあり
value-exploitation-public-poc = 実証コードあり
value-exploitation-active = 実際に悪用されている
value-exposure-small = 閉域
value-exposure-controlled = 制限付き
value-exposure-open = 公開
value-automatable-no = できない
value-automatable-yes = できる
value-human-impact-low = 小
value-human-impact-medium = 中
value-human-impact-high = 大
value-human-impact-very-high = 極めて大
value-finding-kind-misconfiguration = 設定不備
value-finding-kind-unmaintained = 保守終了
value-finding-kind-unsound = 実装の不健全
value-finding-kind-end-of-life = サポート終了
value-finding-kind-end_of_life = サポート終了

origin-kev = 悪用確認済み一覧（KEV）
origin-cisa-ssvc = CISA の SSVC 評価
origin-epss = EPSS
origin-cvss = CVSS
origin-asset-exposure = 機器一覧の公開範囲
origin-asset-kind = 機器一覧の種別
origin-policy-rule = 方針の定め
origin-policy-default = 方針の既定値

status-affected = 影響あり
status-not_affected = 影響なし
status-fixed = 修正済み
status-under_investigation = 調査中

state-ranged = 範囲指定
state-all = 全バージョン
state-undetermined = 判定不能

inventory-cyclonedx-json = SBOM（CycloneDX）
inventory-cargo-lock = Cargo.lock
inventory-package-lock = package-lock.json
inventory-requirements = requirements.txt
inventory-device-list = 機器一覧（CSV・Excel）
inventory-cyclonedx-xml = SBOM（CycloneDX XML）
inventory-spdx-json = SBOM（SPDX JSON）
inventory-spdx-tag-value = SBOM（SPDX タグ・値形式）
inventory-spdx3-json = SBOM（SPDX 3.0 JSON）
inventory-yarn-lock = yarn.lock
inventory-pnpm-lock = pnpm-lock.yaml
inventory-poetry-lock = poetry.lock
inventory-pipfile-lock = Pipfile.lock
inventory-uv-lock = uv.lock
inventory-go-mod = go.mod
inventory-go-sum = go.sum
inventory-gemfile-lock = Gemfile.lock
inventory-composer-lock = composer.lock
inventory-pom-xml = pom.xml（Maven）
inventory-gradle-lockfile = gradle.lockfile
inventory-nuget-lock = packages.lock.json（NuGet）
inventory-dotnet-deps = deps.json（.NET）
inventory-dpkg-status = 導入済みパッケージ一覧（dpkg）
inventory-rpm-list = 導入済みパッケージ一覧（rpm）
inventory-apk-installed = 導入済みパッケージ一覧（apk）
inventory-windows-systeminfo = Windows のシステム情報（systeminfo）
inventory-windows-updates = Windows の更新プログラム一覧
inventory-windows-programs = Windows のプログラム一覧
inventory-network-device = ネットワーク機器のバージョン表示
inventory-register = 登録済みの資産台帳

certainty-read = 原文どおり
certainty-inferred = 推定
certainty-unreadable = 判読不能
unreadable-mark = 区分の印
unreadable-section-title = 小項目名
unreadable-control-text = 対策項目の文
unreadable-control = ページにない対策項目
unreadable-item-number = 遵守事項の番号
unreadable-requirement = ページにない要求事項
unreadable-piece = 置き場所が分からない文字列

# 判定できなかった理由の短い名前と、まとめて行うこと
reason-version-missing = 版が分からない
next-version-missing = 機器または提供元で版を確認し、一覧に記入する
reason-order-unknown = 版の前後を比べられない
next-order-unknown = 脆弱性情報の原文と版を見比べる
reason-range-undetermined = 対象バージョンの文章を読み取れない
next-range-undetermined = 原文を読み、使用中の版が含まれるか確認する
reason-range-git-only = 対象がコミットでしか示されていない
next-range-git-only = 修正が入った版を提供元に確認する
reason-identifier-missing = 照合できる識別子がない
next-identifier-missing = SBOM の作成元に purl などの識別子を求める
reason-ecosystem-not-covered = この種類の脆弱性情報を取り込んでいない
next-ecosystem-not-covered = 対応する情報源を取り込み、判定し直す
reason-release-unknown = OS のリリースが分からない
next-release-unknown = OS のリリースを確認し、purl に distro を付ける
reason-maker-unknown = メーカー名が脆弱性情報に見当たらない
next-maker-unknown = 表記を確認し、メーカーの公表情報を直接確認する
reason-model-unknown = 型番が脆弱性情報に見当たらない
next-model-unknown = 型番の表記と搭載ソフトウェア名を確認する
reason-product-unknown = 製品が脆弱性情報に見当たらない
next-product-unknown = CPE 名を確認するか、提供元に問い合わせる
reason-product-ambiguous = 対象製品の書き方があいまい
next-product-ambiguous = メーカーに該当するか問い合わせる
reason-platform-unknown = 動作環境が分からない
next-platform-unknown = 該当する構成で使っているか確認する
reason-under-investigation = 情報源が調査中
next-under-investigation = 続報を待ち、急ぐ場合は問い合わせる
reason-revision-unknown = Windows のビルド番号の末尾が分からない
next-revision-unknown = ver コマンドの出力をあわせて渡す
reason-program-unknown = プログラムが脆弱性情報に見当たらない
next-program-unknown = 使わないものは削除し、重要なものは提供元の公表情報を確認する
reason-purl-invalid = purl が正しくない
next-purl-invalid = SBOM の作成元で purl を直してもらう
reason-cpe-invalid = CPE が正しくない
next-cpe-invalid = SBOM の作成元で CPE を直してもらう
reason-ecosystem-unknown = 対応していないパッケージの種類
next-ecosystem-unknown = 提供元の公表情報を直接確認する
reason-vulnerabilities-not-stated = 脆弱性の記述がない構成情報
reason-requirement-unpinned = 版が固定されていない
next-requirement-unpinned = 導入済みの版を固定した一覧を渡す
reason-dependencies-direct-only = 間接の依存が載っていない
next-dependencies-direct-only = ロックファイルか SBOM を渡す
reason-requirement-not-package = パッケージ以外の指定
next-requirement-not-package = 指している内容を別に確認する
reason-device-field-missing = 機器一覧の記入漏れ
next-device-field-missing = メーカー・型番・バージョンを記入する
reason-advisory-without-product = 脆弱性情報に製品名がない
next-advisory-without-product = 原文を読み、該当する機器がないか確認する
reason-other = その他の理由
next-other = 下の説明に従って確認する

## 注意の種類ごとの短い名前（件数の一覧）
reason-link-skipped = リンクは読み取らなかった
reason-field-tolerated = 定義外の値を読み替えた
reason-spec-violation = 仕様に反する点がある（判定に影響なし）
reason-reference-cycle = 参照が循環している
reason-duplicate-identifier = 識別子が重複している
reason-date-invalid = 日付を読み取れない
reason-cvss-invalid = CVSS の表記が正しくない
reason-release-not-derived = OS のリリースが分からない
reason-updates-unknown = インストール済みの更新プログラムが分からない
reason-windows-not-named = どの Windows か分からない
reason-host-ambiguous = どの機器のファイルか分からない
reason-host-contradiction = 同じ機器のファイルが食い違う
reason-package-details-missing = パッケージ一覧に項目が足りない
reason-table-not-read = ほかにも台帳らしい表がある
reason-column-ambiguous = 同じ意味の列が二つある
reason-column-doubtful = 列の中身が見出しと合わない
reason-column-filled-down = 空欄に上の値を入れた
reason-cell-error = セルがエラー値または未計算の数式
reason-cell-invalid = セルの値を読み取れない
reason-version-is-number = バージョンが数値で保存されている
reason-version-is-date = バージョンが日付に変わっている
reason-assets-not-in-ledger = 台帳からなくなった資産がある
reason-knowledge-stale-allowed = 古い情報のまま調べた

## VEX の根拠
justification-component_not_present = 該当する構成部品を含まない
justification-vulnerable_code_not_present = 脆弱なコードを含まない
justification-vulnerable_code_not_in_execute_path = 脆弱なコードが実行されない
justification-vulnerable_code_cannot_be_controlled_by_adversary = 攻撃者が脆弱なコードを操作できない
justification-inline_mitigations_already_exist = 組み込みの対策がすでにある
