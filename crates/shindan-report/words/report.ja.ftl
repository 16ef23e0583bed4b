# 報告書と端末表示の文。

report-title = 脆弱性の影響調査
who-title = { $id } に該当するもの
as-of = { $time } 時点
contents = 目次
skip-to-content = 本文へ
footer = この報告書は一つのファイルで完結しており、ネットワークに接続しません。判断の記録ではなく、その時点の調査結果です。

banner-unreadable = 読み取れない入力があります。結果は読み取れた部分だけのもので、「該当なし」を意味しません。

headline-findings = { $judged } 件を判定し、該当は { $findings } 件です。
headline-none = 判定できた { $judged } 件に、該当は見つかりませんでした。
headline-nothing-judged = 判定できたものが一つもありません。該当の有無は分かりません。
headline-undetermined = 判定できない点が { $entries } 件残っています（部品・機器 { $components } 件）。該当しないという意味ではありません。

count = { $n } 件
places = { $n } か所
components = 部品・機器 { $n } 件
and-more = ほか { $n } 件
undetermined = 判定不能
judged = 判定できた部品・機器
components-all = すべての部品・機器
findings = 該当一覧
confidence = 確度
confidence-is = 確度 { $confidence }
cvss-score = CVSS { $score }（{ $severity }）
version-unknown = 版不明
without-version = { $name }（版不明）
exploited = 悪用を確認
fix-unknown = 修正版の情報なし
range-all = すべての版
range-except = 除く：{ $ranges }
has-defaults = 優先度の一部は既定値
any-vulnerability = （すべて）
also-known-as = 別名・関連情報：
aliases = 別名：{ $ids }

col-priority = 優先度
col-component = 製品・部品と版
col-place = 場所・資産
col-hits = 該当する脆弱性
col-do = 行うこと
col-vulnerability = 脆弱性
col-fixed = 修正された版
col-why = 理由
col-reason = 理由
col-count = 件数
col-next = 行うこと
col-examples = 例
col-explanation = 説明
col-method = 判定の方法
col-judged = 判定数
col-source = 情報源
col-documents = 文書
col-advisories = 情報
col-rejected = 除外
col-newest = 最新の日付
col-age = 経過
col-product = 製品
col-status = 状態
col-versions = 対象の版
col-control = 番号
col-control-text = 対策項目・要求事項
col-evidence = この結果が示すこと
col-open = まだ示されていないこと
col-mark = 区分
col-risk = リスクシナリオ例
col-requirements = 関連する要求事項
col-title = 題名
col-item = 遵守事項
col-catalog = データ
col-certainty = 区分の確かさ

first-title = まず行うこと
first-lead = 同じ製品・同じ版を一つの作業にまとめ、急ぐ順に並べています。
first-more = 続きは該当一覧にあります（ほか { $n } 件の作業）。
first-nothing-urgent = 今すぐ、または次の保守で行う作業はありません。見送りとした該当は一覧で見直せます。
first-undetermined = 次の「判定不能」を確認してください。
do-update = { $versions } のいずれか、またはそれ以降に更新する
do-update-one = { $versions } またはそれ以降に更新する
do-update-all = 次のすべてを満たす版に更新する
do-rest-unknown = 残りは修正版の情報がないため、提供元に確認する
do-ask = 修正版の情報なし。提供元に確認し、緩和策や隔離を検討する
do-replace = サポートが終了。更改を計画し、それまで隔離などで守る
do-succeed = 保守が終了。後継の部品への置き換えを検討する
do-configure = 設定を見直す

findings-title = 該当一覧（{ $n } 件）
chart-priority = 優先度ごとの件数
filter-place = 場所・資産で絞る
filter-component = 製品・部品で絞る
filter-text = 語句で絞る（CVE など）
filter-shown = %2 件中 %1 件を表示

undetermined-title = 判定不能（{ $n } 件）
undetermined-lead = 該当するともしないとも言えないものです。安全とはみなさず、理由ごとに確認してください。
undetermined-none = 判定できない点はありません。
undetermined-more = ほか { $n } 件。すべては --format json で書き出せます。
card-undetermined = 該当の有無が分かりません。確認が必要です。
entries-of-components = { $n } 件（部品・機器 { $components } 件）

coverage-title = 調査の範囲
coverage-lead = 部品・機器 { $components } 件のうち、{ $judged } 件を判定しました。{ $undetermined } 件に判定できない点があります（一部だけ判定できたものは両方に数えます）。
coverage-line = 調査の範囲：部品・機器 { $components } 件のうち { $judged } 件を判定、{ $undetermined } 件に判定できない点あり。
coverage-line-methods = 判定の方法：{ $methods }。
coverage-line-data = 情報の時点（情報源ごとの最新）：{ $sources }。
coverage-line-no-data = 取り込んだ情報源はありません。
coverage-line-gaps = 含まれないもの：{ $gaps }。
coverage-gap-ecosystem = { $name } の { $n } 件（脆弱性情報の取り込みなし）
coverage-gap-identifier = 照合できる識別子のないもの { $n } 件
coverage-gap-input = 読み取れない入力 { $n } 件
name-and-count = { $name } { $n } 件
chart-coverage = 判定できた数（方法別）
ecosystem-not-covered = { $name } の脆弱性情報を取り込んでいないため、{ $n } 件を判定できません。
patched-by-unsettled = 更新責任者が決まっていない資産が { $n } 件あります。誰が更新するか決めて、機器一覧に記入してください。

freshness-title = 情報源の鮮度
freshness-lead = 各情報源の最も新しい文書からの経過日数です。これより後に公表された脆弱性は、この結果に含まれません。
freshness-none = 情報源がありません。脆弱性情報を取り込んでください。
chart-freshness = 最新の文書からの経過日数
age-days = { $n } 日前
age-stale = { $n } 日前（古い）
age-unknown = 日付不明

inputs-title = 入力ファイル
input-unreadable = 読み取れません
notes-not-shown = 参考 { $n } 件は --format json で見られます。
diagnostics-more = ほか { $n } 件。すべては --format json で書き出せます。
table-see-more = すべての項目は --format json、印刷や回覧には --format html を使ってください。

evidence-title = 証跡となる対策項目
evidence-lead = この結果が記録として裏付けになる項目です。適合の判定ではありません。判断は人が行います。

reading-title = 読み方
reading-kev = 米国 CISA の「悪用が確認された脆弱性の一覧（KEV）」に載っています。
reading-cvss = 脆弱性そのものの深刻さを 0.0〜10.0 で表した値です。置かれた環境は考慮されていません。
reading-epss = 今後 30 日以内に悪用される確率の推定値（0〜1）です。
reading-path = 優先度は SSVC の決定表で求め、通った判断の順に示しています。点線は情報がなく方針の既定値を使った箇所です。機器一覧の公開範囲や種別を埋めると、より確かになります。
reading-limits = 取り込んだ脆弱性情報と渡された一覧に基づく結果です。一覧にない機器や部品、まだ公表されていない脆弱性は含まれません。

crosswalk-title = 対策項目とガイドライン要求事項の対応表
crosswalk-lead = 文章は要約です。「推定」「判読不能」と付いたものは、原文を確認してください。
wording-title = { $path } から項目 { $controls } 件・要求事項 { $requirements } 件の原文を読み取りました。
wording-lead = 文は、ページにある行をつないだものです。「推定」は、行の順序をページ自身からは確かめられなかったものです。原典と照らし合わせてください。
wording-official = 原文（取り込んだもの）
wording-variant = 別の文言
wording-unknown = { $number }（{ $line } 行目）は、どの対策項目データにもありません。
quoted = 「{ $text }」
col-official-certainty = 確実性
col-official = 原文
with-certainty = { $value }（{ $certainty }）
nothing-shown = なし

kb-title = 知識ベース（取り込んだ脆弱性情報）の状況
kb-counts = 文書 { $documents } 件、情報 { $advisories } 件、脆弱性 { $vulnerabilities } 件、除外 { $rejected } 件
kb-built = 第 { $generation } 世代、作成 { $time }
warning-count = { $n } 件：{ $text }
rejections-more = ほか { $n } 件が除外されています。
withdrawn-on = { $day } に情報源が取り下げています。
show-no-opinion = この脆弱性について述べた情報はありません。
show-no-product = 製品についての記述がありません。原文を確認してください。
show-document = 原資料: { $path }（SHA-256 { $hash }）
table-evidence = この結果が証跡の一部となる対策項目・要求事項: { $numbers }（内訳と、まだ示せないことは --format html）
