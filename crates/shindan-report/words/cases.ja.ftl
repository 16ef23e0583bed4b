# 対応案件・方針・対策項目の状況の語。キーは term-集合-値、reason-コード、label-コード。

## 方針
term-policy-kind-due-dates = 期限
term-policy-kind-decision-table = 優先度の決定表
term-policy-kind-confirmation-interval = 定期確認の間隔
term-policy-state-proposed = 承認待ち
term-policy-state-approved = 有効
term-policy-state-superseded = 次の版に交代
term-policy-state-rejected = 不承認
term-policy-state-withdrawn = 廃止

## 対応案件
term-subject-system = システム
term-subject-release = 製品の版
term-subject-deployment = 施設への導入
term-subject-register = 資産台帳全体
term-case-state-detected = 検出
term-case-state-judged = 該当性判断済み
term-case-state-analysed = リスク分析済み
term-case-state-decided = 処置決定（承認待ち）
term-case-state-approved = 承認済み
term-case-state-in-progress = 対応中
term-case-state-confirmed = 対応確認済み
term-case-state-closed = 完了
term-case-state-accepted = 期限付きでリスク保有
term-case-state-reopened = 再開
term-applicability-affected = 影響あり
term-applicability-not-affected = 影響なし
term-applicability-fixed = 修正済み
term-applicability-under-investigation = 調査中
term-treatment-patch = パッチ適用
term-treatment-configuration-change = 設定変更
term-treatment-mitigation = 緩和策
term-treatment-isolation = 隔離
term-treatment-replacement = 更改
term-treatment-accept = リスク保有
term-reopen-reason-acceptance-ended = リスク保有の期限が過ぎた
term-reopen-reason-alternative-ended = 合意した代替策の期限が過ぎた
term-reopen-reason-review-due = 対策の見直し日が過ぎた
term-reopen-reason-surge = 悪用が確認された、または悪用の可能性が急に高まった
term-reopen-reason-advisory-revised = 情報源が評価または修正版の情報を改めた
term-reopen-reason-version-changed = 版が変わり、なお該当している
term-reopen-reason-matched-again = 解消したものが再び該当した
term-reopen-reason-new-findings = 同じ対処で直る該当が増えた
term-reopen-reason-site-override = 施設が提供事業者と異なる判断をする
term-reopen-reason-by-person = 担当者の判断
term-remediation-update = 同じ更新プログラム
term-remediation-fixed-version = 同じ部品の同じ修正版
term-remediation-advisory = 同じ脆弱性情報
term-remediation-vulnerability = 同じ脆弱性
term-progress-waiting = 未着手
term-progress-working = 作業中
term-progress-done = 作業済み
term-progress-impossible = 実施できない
term-effect-none = 影響なし
term-effect-minor = 小さい（業務は続けられる）
term-effect-serious = 大きい（業務に支障が出る）
term-effect-critical = 重大（診療や患者の安全が危うい）
term-effect-unknown = まだ分からない
term-priority-immediate = 即時
term-priority-out-of-cycle = 臨時
term-priority-scheduled = 定期
term-priority-defer = 見送り
term-justification-component_not_present = 該当する部品が含まれていない
term-justification-vulnerable_code_not_present = 脆弱なコードが含まれていない
term-justification-vulnerable_code_not_in_execute_path = 脆弱なコードが実行されない
term-justification-vulnerable_code_cannot_be_controlled_by_adversary = 攻撃者が脆弱なコードに到達できない
term-justification-inline_mitigations_already_exist = 製品の保護機能が攻撃を防ぐ

## 手順
term-step-propose = 提案
term-step-revise = 改定
term-step-approve = 承認
term-step-reject = 不承認
term-step-withdraw = 廃止・取り下げ
term-step-judge = 該当性の判断
term-step-analyse = リスク分析
term-step-decide = 処置の決定
term-step-decline = 差し戻し
term-step-progress = 進み具合の記録
term-step-prove-patch = パッチの証拠の記録
term-step-show-effect = 効果の証拠の記録
term-step-replace = 更改の記録
term-step-confirm = 確認
term-step-close = 完了
term-step-reopen = 再開
term-step-inherit = 決定の引き継ぎ
term-step-agree-alternative = 代替策の合意
term-step-record-evidence = 証拠の記録

## 対策項目
term-control-verdict-met = 記録あり・不足なし
term-control-verdict-gaps = 不足あり
term-control-verdict-not-applicable = 対象外
term-control-verdict-undetermined = 判定不能
term-exclusion-state-proposed = 承認待ち
term-exclusion-state-approved = 対象外
term-exclusion-state-rejected = 不承認
term-exclusion-state-withdrawn = 取り下げ
term-exclusion-state-expired = 期限切れ

## 理由：方針
reason-policy-not-approved = 有効な方針（{ $kind }）がありません（現在：{ $state }）。方針を提案し、提案者以外の承認を受けてください。
reason-policy-awaits-approval = 第 { $version } 版が承認を待っています。提案者以外の承認者が内容を確認し、承認または不承認にしてください。
reason-policy-content-invalid = 項目 { $field } の値「{ $value }」は使えません。日数は 1 以上、急ぐものほど短く、完了の期限は決定の期限より後にしてください。確率は 0.5 のような小数で書きます。
reason-policy-kind-differs = この方針は「{ $expected }」についてのものです。「{ $found }」は別の方針として提案してください。

## 理由：判断・分析・決定
reason-justification-missing = 「影響なし」には理由の区分が必要です。五つの区分（部品がない、コードがない、実行されない、到達できない、保護機能がある）から一つ選んでください。
reason-justification-not-needed = 「影響なし」の理由の区分は、判断が「{ $applicability }」のときは付けられません。区分を外してください。
reason-analysis-incomplete = リスク分析に「{ $value }」が含まれていません。案件のすべての脆弱性と、優先度に至る道筋を入れて分析し直してください。
reason-analysis-outdated = { $since } に新しい該当や情報の変更があり、それより前の判断・分析では足りません。内容を確認し、判断または分析をやり直してください。
reason-accept-without-end = リスク保有には期限が必要です。いつまで保有するかを日付で指定してください。
reason-end-not-needed = この処置に期限の日付は指定できません。日付を外してください。
reason-accepted-never-closes = リスク保有の案件は完了にできません。期限が来たら、あらためて処置を決めてください。
reason-decision-missing = 承認された決定がありません（現在：{ $state }）。該当性の判断、リスク分析、処置の決定、承認を順に行ってください。

## 理由：完了の証拠
reason-proof-missing = 完了に必要な証拠が { $count } 件足りません。下の一覧のものを記録してください。
reason-proof-of-patch-missing = { $place }：パッチを適用し確認した作業の記録がありません。適用作業を行い、適用後の確認（再照合、または修正済みの版を示す資料）を記録してください。
reason-proof-of-fix-missing = { $place }：修正済みであることを示すものがありません。最新の構成で再照合するか、修正済みの版を示す資料を登録してください。
reason-proof-of-effect-missing = { $place }：対策の効果を示す資料がありません。効果を確かめ、資料を登録してください。
reason-proof-of-replacement-missing = { $place }：更改の証拠がありません。古い機器の廃止を示す資料と、新しい機器の照合結果を登録してください。
reason-still-matched = { $place }：最新の照合でまだ該当しています。新しい構成を取り込んで再照合するか、版に表れない修正であれば、それを示す資料を登録してください。
reason-rematch-too-old = { $place }：照合が適用作業より前のものです。適用後の構成を取り込み、もう一度照合してください。
reason-successor-is-place = { $place } は新しい機器として使えません。それ自身がこの案件に該当しています。別の機器を指定するか、先に対処してください。
reason-review-date-missing = パッチ以外の対策には見直し日が必要です。次にいつ効果を確かめるかを指定してください。
reason-other-treatment = 承認された処置は「{ $treatment }」です。この記録はその処置のものではありません。処置を変えるときは、案件を再開して決め直してください。

## 理由：提供事業者の決定の引き継ぎ
reason-inheritance-subject = 決定を引き継げるのは、製品の版の案件から施設への導入の案件だけです（この案件：{ $subject }、引き継ぎ元：{ $from }）。
reason-inheritance-unsettled = 提供事業者の案件はまだ承認されていません（現在：{ $state }）。承認を待つか、施設として判断してください。
reason-inheritance-not-covered = 提供事業者はまだ決定していません：{ $vulnerability }。提供事業者に照会するか、施設として判断してください。
reason-inheritance-overridden = この施設は独自に判断すると決めたため、提供事業者の決定は引き継がれません。施設として処置を決めてください。
reason-not-inherited = この案件の決定は引き継がれたものではありません。変更するときは案件を再開してください。

## 理由：次にすること
reason-to-be-judged = 次は、影響があるかどうかを判断してください。
reason-to-be-analysed = 次は、リスク分析を行ってください。
reason-to-be-decided = 次は、処置を決めてください。
reason-to-be-approved = 次は、判断・分析・決定をした人以外の承認を受けてください。
reason-to-be-confirmed = 次は、証拠を記録した人以外が対応の完了を確認してください。
reason-to-be-closed = 必要なものはそろっています。案件を完了にしてください。
reason-due-not-set = 期限がありません。期限の方針が承認されていないためです。方針を提案し、承認を受けてください。
reason-all-gone = 最新の照合では、どこにも該当しなくなりました。経緯を確かめ、証拠を付けて完了にしてください。

## 理由：対象外
reason-exclusion-awaits-approval = 対策項目 { $control } を対象外とする提案が承認を待っています。提案者以外の承認者が判断してください。
reason-exclusion-review-due = { $date } までに、対象外のままでよいか見直してください。過ぎると対象に戻ります。

## 理由：対策項目の状況
reason-control-nothing-recorded = 判断できる記録がありません。実施しているなら、その記録を登録してください。
reason-control-not-covered = この版では「{ $topic }」の記録を扱っていません。ほかの方法で残した記録を、人が確認してください。
reason-control-never-judged = 構成情報と脆弱性情報の照合が記録されていません。構成情報を取り込み、照合を行ってください。
reason-control-judged-too-long-ago = 最後の照合（{ $last }）から、方針で定めた { $days } 日を過ぎています。照合を行ってください。
reason-control-policy-missing = 承認された方針（{ $kind }）がありません。方針を提案し、承認を受けてください。
reason-control-cases-undecided = 期限までに処置が承認されていない案件が { $count } 件あります。期限の古いものから決定し、承認を受けてください。
reason-control-cases-overdue = 期限までに完了していない案件が { $count } 件あります。対応を進めるか、決定を見直してください。
reason-control-cases-without-due = 期限のない案件が { $count } 件あります。期限の方針を承認し、案件に期限を付けてください。
reason-control-acceptance-ended = 期限を過ぎたリスク保有が { $count } 件あります。あらためて処置を決めてください。
reason-control-cases-decided = { $count } 件の案件で、リスク分析のうえ処置が承認されました。
reason-control-cases-closed = { $count } 件の案件が、証拠を付けて完了しました。
reason-control-judged-regularly = { $count } 件の対象を照合しました（最終：{ $last }）。
reason-control-undetermined-remain = 最後の照合で判定できないものが残った対象が { $count } 件あります。判定不能の一覧を確認し、必要な情報を補ってください。
reason-control-patches-unverified = 改ざんのないことを確かめずに適用したパッチが { $count } 件あります。入手元と照合し、結果を記録してください。
reason-control-effect-untested = 有効性を確かめずに適用したパッチが { $count } 件あります。試験環境または再照合で確かめ、結果を記録してください。
reason-control-patches-verified = { $count } 件のパッチについて、改ざんのないことと有効性を適用前に確かめました。
reason-control-impact-missing = 影響を評価せずに適用した作業が { $count } 件あります。影響を評価し、記録してください。
reason-control-tests-unconfirmed = 試験結果を確認せずに適用した作業が { $count } 件あります。試験を行い、試験者以外が結果を確認してください。
reason-control-emergency-tests = 緊急に適用し、まだ試験が済んでいない作業が { $count } 件あります。試験を行い、結果を確認してください。
reason-control-changes-tested = { $count } 件の作業について、影響評価と試験結果の確認が記録されています。
reason-control-confirmation-overdue = 期限までに終わっていない定期確認が { $count } 件あります。報告を受け、判定してください。
reason-control-unfit-open = 「適さない」と判定され、処置が済んでいない定期確認が { $count } 件あります。処置を行い、記録してください。
reason-control-confirmed-too-long-ago = 最後の定期確認（{ $last }）から、方針で定めた { $days } 日を過ぎています。運用担当者に確認を指示してください。
reason-control-confirmed = 定期確認を { $count } 回、指示から判定まで行いました（最終：{ $last }）。
reason-control-review-overdue = 期限までに終わっていない見直しが { $count } 件あります。見直しを行い、承認を受けてください。
reason-control-reviewed-too-long-ago = 最後の見直し（{ $last }）から、方針で定めた { $days } 日を過ぎています。見直しを行ってください。
reason-control-reviewed = 見直しを { $count } 回行い、承認を受けました（最終：{ $last }）。
reason-control-nobody-patches = 更新責任者の決まっていない機器が { $count } 件あります。責任者を決め、台帳に記入してください。
reason-control-support-ended = サポートの終わった機器が { $count } 件使われています。更改、隔離、またはリスク保有を決めてください。
reason-control-still-connected = 停止・廃止後に、切り離しを確認していない機器が { $count } 件あります。ネットワークから外れていることを確かめ、記録してください。
reason-control-inquiries-overdue = 期限までに回答のない照会が { $count } 件あります。提供事業者に督促してください。
reason-control-excluded = 対象外と承認されています：{ $reason }

## 項目名
label-subject = 対象
label-remediation = まとめた根拠
label-vulnerabilities = 脆弱性
label-vulnerability = 脆弱性
label-aliases = 別名
label-places = 該当する機器・部品
label-place = 機器・部品
label-component = 部品
label-version = 版
label-priority = 優先度
label-applicability = 該当性
label-justification = 影響なしの理由
label-treatment = 処置
label-judgement = 判断の内容
label-analysis = リスク分析
label-decision = 決定の理由
label-confirmation = 対応の確認
label-progress = 進み具合
label-proof = 証拠
label-decide-by = 決定の期限
label-done-by = 完了の期限
label-published = 公表
label-noticed = 認知
label-decided = 決定
label-done = 完了
label-hours-to-notice = 公表から認知まで（時間）
label-hours-to-decide = 認知から決定まで（時間）
label-hours-to-done = 認知から完了まで（時間）
label-policy = 方針
label-kev = 悪用の確認日（KEV）
label-epss = 悪用される確率（EPSS）
label-cvss-x10 = CVSS（10 倍）
label-exposure = 公開範囲
label-asset-role = 種別
label-patient-safety = 患者の安全への影響
label-availability = 診療の継続への影響
label-path = 優先度に至る道筋
label-outcome = 決定表の結果
label-departs = 決定表と異なる優先度にした理由
label-origin = 出所
label-value = 値
label-point = 判断点
label-evidence = 根拠
label-defaulted = 既定値
label-inherited = 引き継いだ案件
label-overridden = 施設が独自に判断
label-alternative = 合意した代替策
label-reopened = 再開の理由
label-outdated = 分析後に変化あり
label-past = 過去の決定
label-review = 見直し日
label-successor = 新しい機器
label-change = 適用作業
label-gone = 該当しなくなった日時
label-versions = 版の履歴
label-days = 期限（日）
label-decide-days = 決定まで
label-done-days = 完了まで
label-verify-after-change = 適用後の確認まで（日）
label-chase-inquiry = 照会の督促まで（日）
label-review-days = 見直しの間隔（日）
label-confirm-days = 定期確認の間隔（日）
label-judge-days = 照合の間隔（日）
label-immediate = 即時
label-out-of-cycle = 臨時
label-scheduled = 定期
label-rules = 優先度の規則
label-rules-version = 規則の版
label-table = 決定表
label-surge-epss = 急な高まりとみなす EPSS
label-control = 対策項目
label-proposed = 提案日時
