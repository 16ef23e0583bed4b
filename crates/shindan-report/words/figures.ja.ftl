# 図（SVG）の題名・説明・凡例。

fig-separator = 、
fig-as-of = { $time } 時点
fig-count-of = { $what } { $count } 件
fig-priority = 優先度
fig-undetermined = 判定不能
fig-not-compared = 照合なし
fig-hours = { $count } 時間
fig-days = { $count } 日
fig-limit-days = 期限 { $count } 日
fig-no-limit = 期限の定めなし
fig-no-value = 実績なし
fig-never = なし
fig-source = 情報源
fig-day = 日
fig-state = 状況
fig-new-items = 新着
fig-checks = 確認回数
fig-week-until = 週の末日

fig-over-time-title = 対応中の案件の推移（優先度別）
fig-over-time-description = { $from } から { $until } までの週末時点の件数です。{ $first } 件から { $last } 件になりました。最新の内訳：{ $parts }。
fig-over-time-empty = この期間に対応中の案件はありません。
fig-over-time-undetermined = 最新の照合で判定できなかったもの：{ $count } 件（図には含みません）
fig-over-time-not-compared = この期間に照合の記録がありません。案件がないことは、安全の証拠になりません。

fig-times-decide-title = 処置の決定までの時間
fig-times-fix-title = 対応の完了までの時間
fig-times-decide-empty = 決定が承認された案件はまだありません。
fig-times-fix-empty = 完了した案件はまだありません。
fig-times-said = { $priority }：{ $count } 件。中央値 { $median }、9 割が { $ninety } 以内（{ $limit }）。期限超過 { $late } 件。未了 { $waiting } 件、うち期限超過 { $overdue } 件。
fig-times-kept = 期限内
fig-times-late = 期限超過
fig-times-free = 期限の定めなし
fig-times-limit = 方針の期限
fig-times-box = 箱：全体の 1 割から 9 割まで（中の線は中央値）
fig-times-table = 所要時間と期限
fig-times-through = 件数
fig-times-median = 中央値
fig-times-ninety = 9 割がこの時間以内
fig-times-longest = 最長
fig-times-waiting = 未了
fig-times-waiting-late = 未了のうち期限超過

fig-freshness-title = 情報源の収集状況
fig-month-title = 収集実施記録（{ $month }）
fig-sources-description = 情報源 { $sources } 件のうち、{ $late } 件が遅れているか、失敗しています。
fig-no-sources = 情報源が登録されていません。
fig-source-late = { $source }：遅れているか、失敗しています（最後に確認できた日時：{ $last }）。

fig-tree-title = 優先度の決まり方（SSVC）
fig-tree-description = { $steps }。結果：{ $outcome }。
fig-tree-step = { $point }は「{ $value }」（{ $origin }）
fig-tree-outcome = 優先度：{ $outcome }
fig-tree-lit = 実際の経路
fig-tree-if = 選ばれなかった答えの下は、その答えだけが違った場合の優先度です。
fig-tree-then = { $value }なら { $outcome }
fig-tree-defaulted = { $count } 項目は情報がなく、方針の既定値を使いました。
fig-tree-table-used = 決定表：{ $table }
fig-tree-empty = 優先度の経路は記録されていません。
fig-tree-question = 問い
fig-tree-answer = 答え
fig-tree-origin = 根拠の種類
fig-tree-evidence = 根拠
fig-tree-otherwise = ほかの答えの場合

fig-relations-title = { $id } の影響を受けるもの
fig-relations-description = 製品 { $products } 件、システム・施設・機器 { $places } 件が該当します。
fig-relations-empty = 該当する製品は見つかっていません。
fig-relations-left-out = 図に描ききれない製品 { $products } 件、システム・施設・機器 { $places } 件は、表にあります。
fig-relations-undetermined = 判定できなかった構成要素が { $count } 件あります。
fig-relations-doubts = 判定不能 { $count } 件
fig-relations-product = 製品と版
fig-relations-products = 製品
fig-relations-places = システム・施設・機器

fig-epss-title = EPSS（悪用される確率）の推移
fig-epss-description = { $from } の { $first } から { $until } の { $last } になりました。
fig-epss-one = EPSS は { $value }（{ $day }）です。ほかの日の値がないため、図はありません。
fig-epss-none = EPSS の値はありません。
fig-epss-unreadable = 読み取れない値が { $count } 件あります（図には含みません）。
fig-epss-value = EPSS
