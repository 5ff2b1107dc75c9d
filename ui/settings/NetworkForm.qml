pragma ComponentBehavior: Bound
import QtQuick
import Pellucid
import Pellucid.App
import Pellucid.Content

// The offline switch, the hubs and the way to them, and every connection that was made.
Column {
    id: form

    required property NetworkController network

    Component.onCompleted: network.ledger.active = true
    Component.onDestruction: network.ledger.active = false

    FormGroup {
        FormRow {
            label: qsTr("Offline")
            help: form.network.offline ? qsTr("Nothing leaves this computer; downloads wait")
                                       : qsTr("On: no connection at all, whatever is asked")
            last: true
            key: "offline"
            changedKeys: form.network.changedKeys
            onReset: form.network.reset("offline")
            Toggle {
                text: qsTr("Offline")
                on: form.network.offline
                onFlipped: on => form.network.offline = on
            }
        }
    }
    FormGroup {
        heading: qsTr("Hubs")
        AddressRow {
            network: form.network
            label: "Hugging Face"
            help: qsTr("Another address, for a mirror")
            key: "endpoint"
            changedKeys: form.network.changedKeys
            value: form.network.endpoint
            usual: "https://huggingface.co"
            onPicked: text => form.network.endpoint = text
            onReset: form.network.reset("endpoint")
        }
        AddressRow {
            network: form.network
            label: "ModelScope"
            help: qsTr("Another address, for a mirror")
            key: "otherEndpoint"
            changedKeys: form.network.changedKeys
            value: form.network.otherEndpoint
            usual: "https://modelscope.cn"
            onPicked: text => form.network.otherEndpoint = text
            onReset: form.network.reset("otherEndpoint")
        }
        AddressRow {
            network: form.network
            several: true
            label: qsTr("Mirrors of Hugging Face")
            help: qsTr("Separated by commas; a file comes from all at once. They never get the token")
            key: "mirrors"
            changedKeys: form.network.changedKeys
            value: form.network.mirrors
            usual: "https://mirror.example"
            onPicked: text => form.network.mirrors = text
            onReset: form.network.reset("mirrors")
        }
        FormRow {
            label: qsTr("Access token")
            help: form.network.tokenProblem !== "" ? form.network.tokenProblem
                : form.network.tokenKept ? qsTr("One is kept in the keychain; it is never shown")
                                         : qsTr("For models that need an account; kept in the keychain")
            last: true
            Field {
                id: token
                visible: !form.network.tokenKept
                width: Theme.px(200)
                name: qsTr("Access token")
                echoMode: TextInput.Password
                placeholderText: "hf_…"
                onAccepted: form.keep()
            }
            PushButton {
                text: form.network.tokenKept ? qsTr("Forget") : qsTr("Keep")
                Accessible.name: form.network.tokenKept ? qsTr("Forget the token") : qsTr("Keep the token")
                enabled: form.network.tokenKept || token.text.trim() !== ""
                onClicked: form.keep()
            }
        }
    }
    FormGroup {
        heading: qsTr("Connection")
        FormRow {
            label: qsTr("Proxy")
            key: "proxy"
            changedKeys: form.network.changedKeys
            onReset: form.network.reset("proxy")
            PopupButton {
                name: qsTr("Proxy")
                options: [qsTr("As the system"), qsTr("None"), qsTr("This one")]
                current: form.network.proxy
                onChosen: index => form.network.proxy = index
            }
        }
        AddressRow {
            visible: form.network.proxy === 2
            height: visible ? implicitHeight : 0
            network: form.network
            label: qsTr("Address of the proxy")
            key: "proxyUrl"
            changedKeys: form.network.changedKeys
            value: form.network.proxyUrl
            usual: "http://proxy.example:3128"
            onPicked: text => form.network.proxyUrl = text
            onReset: form.network.reset("proxyUrl")
        }
        AddressRow {
            visible: form.network.proxy === 2
            height: visible ? implicitHeight : 0
            network: form.network
            address: false
            label: qsTr("Not for these hosts")
            help: qsTr("Separated by commas")
            key: "noProxy"
            changedKeys: form.network.changedKeys
            value: form.network.noProxy
            usual: "localhost, .example.org"
            onPicked: text => form.network.noProxy = text
            onReset: form.network.reset("noProxy")
        }
        FormRow {
            label: qsTr("Download limit")
            help: qsTr("Kilobytes a second")
            key: "limit"
            changedKeys: form.network.changedKeys
            onReset: form.network.reset("limit")
            NumberField {
                name: qsTr("Download limit")
                zeroText: qsTr("No limit")
                value: form.network.limit
                onPicked: value => form.network.limit = value
            }
        }
        HoursRow {
            last: true
            network: form.network
        }
    }
    FormGroup {
        heading: qsTr("Every connection")
        Item {
            width: parent.width
            height: Math.max(Theme.px(40), total.height + Theme.px(20))
            Prose {
                id: total
                y: Theme.px(12)
                width: parent.width - (forget.visible ? forget.width + Theme.px(8) : 0)
                text: form.network.ledger.count === 0 ? qsTr("None so far. Nothing is sent anywhere unless you ask.")
                                                      : form.network.ledger.totalText
                style: Theme.label
                font.family: Theme.figures
                color: Theme.ink3
            }
            PushButton {
                id: forget
                visible: form.network.ledger.count > 0
                x: parent.width - width
                y: Theme.px(6)
                size: 28
                kind: PushButton.Ghost
                text: qsTr("Clear the list")
                onClicked: form.network.ledger.forget()
            }
        }
        ListView {
            id: list
            visible: count > 0
            width: parent.width
            height: Math.min(Theme.px(360), contentHeight)
            clip: true
            interactive: contentHeight > height
            model: form.network.ledger
            boundsBehavior: Flickable.StopAtBounds
            Accessible.role: Accessible.List
            Accessible.name: qsTr("Every connection")
            delegate: LedgerRow { width: list.width }
        }
    }

    function keep() {
        network.keepToken(network.tokenKept ? "" : token.text);
        token.clear();
    }
}
