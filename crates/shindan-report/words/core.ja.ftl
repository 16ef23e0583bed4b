# 記録に共通する語：記録の種類、関係、役割、段階、理由、項目名

## 記録の種類
term-record-kind-installation = この設置
term-record-kind-person = 人
term-record-kind-party = 組織
term-record-kind-site = 施設
term-record-kind-system = 医療情報システム・サービス
term-record-kind-environment = 環境
term-record-kind-asset = 情報機器等
term-record-kind-product = 製品
term-record-kind-release = 版
term-record-kind-deployment = 導入
term-record-kind-policy = 方針
term-record-kind-case = 対応案件
term-record-kind-patch = 修正パッチ
term-record-kind-change = 適用作業
term-record-kind-inquiry = 照会
term-record-kind-instruction = 定期確認の指示
term-record-kind-review = 見直し
term-record-kind-control = 対策項目の適用

## 関係
term-relation-subject = 対象
term-relation-asset = 機器・部品
term-relation-vulnerability = 脆弱性
term-relation-case = 対応案件
term-relation-patch = 修正パッチ
term-relation-party = 関係する組織
term-relation-responsible = 担当者
term-relation-policy = 方針
term-relation-part-of = 所属先

## 役割
term-role-admin = システム管理者
term-role-manager = 企画管理者
term-role-operator = 運用担当者
term-role-approver = 承認者
term-role-auditor = 監査担当者
term-role-partner = 相手方

## できること
term-action-read = 記録の閲覧
term-action-administer = 利用者とこの設置の管理
term-action-keep-organisation = 組織・システム・製品の登録
term-action-propose-policy = 方針の提案
term-action-operate = 案件・パッチ・適用作業・照会の実務
term-action-confirm = 二人目としての確認
term-action-approve = 承認
term-action-manage = 指示・判定・見直し
term-token-scope-read = 閲覧のみ
term-token-scope-write = 閲覧と変更
term-person-state-active = 有効
term-person-state-inactive = 無効
term-means-software = 画面・コマンドで本人が
term-means-partner-file = 相手方の署名付きファイルで
term-means-paper = 書面で

## できない理由と次にすること
reason-step-out-of-order = いまの状態（{ $state }）では「{ $step }」はできません。足りないものを先に済ませてください。
reason-record-ended = この記録は終わっている（{ $state }）ため、変更できません。必要なら新しく登録してください。
reason-text-missing = 「{ $field }」が空です。内容を書いてください。
reason-date-not-in-future = 「{ $field }」の { $date } は過ぎているか今日です。明日以降の日時を指定してください。
reason-date-in-future = 「{ $field }」の { $date } は未来の日時です。実際に行った日時を指定してください。
reason-nothing-changes = いまの内容と同じなので、記録しませんでした。
reason-item-unknown = 「{ $field }」に { $value } はありません。一覧で正しい値を確かめてください。
reason-role-missing = あなたの役割では「{ $action }」はできません。次の役割の人に頼むか、システム管理者に役割の追加を依頼してください：{ $roles }
reason-person-inactive = この人は無効になっています。有効な人で行うか、システム管理者に確認してください。
reason-same-person = 「{ $first }」をした人は「{ $second }」をできません。別の人が行うか、別の人の署名がある書面を記録してください。
reason-last-administrator = 最後のシステム管理者です。先に別の人をシステム管理者にしてください。
reason-role-unchanged = 役割「{ $role }」は、もう付いているか、もともと付いていません。いまの役割を確かめてください。
reason-document-missing = 証拠になるファイルがないか、空です。書面の写しや記録のファイルを付けてください。
reason-signer-missing = 署名した人の名前がありません。書面やファイルにある署名者名を書いてください。

## 項目名
label-state = 状態
label-title = 件名
label-name = 名称
label-kind = 種別
label-reason = 理由
label-since = 開始
label-until = 終了・期限
label-due = 期限
label-date = 日付
label-by = 記録者
label-at = 日時
label-note = 備考
label-documents = 資料
label-document = 資料
label-result = 結果
label-number = 番号
label-approval = 承認
label-means = 方法
label-signer = 署名者
label-roles = 役割
label-role = 役割
label-tokens = アクセストークン
label-token = トークン
label-expires = 有効期限
label-scope = 範囲

# What texts name: a form, page or field; a command that no page runs
way-on-page = 「{ $name }」
way-on-server = サーバーのコマンド { $command }
