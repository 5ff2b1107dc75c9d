<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
    <context>
        <name>CodeBlock</name>
        <message numerus="yes">
            <source>Show %n more line(s)</source>
            <translation>
                <numerusform>Show %n more line</numerusform>
                <numerusform>Show %n more lines</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>TableBlock</name>
        <message numerus="yes">
            <source>Table, %n column(s)</source>
            <translation>
                <numerusform>Table, %n column</numerusform>
                <numerusform>Table, %n columns</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>pellucid::app::ChatController</name>
        <message numerus="yes">
            <source>Send without the %n oldest message(s)</source>
            <translation>
                <numerusform>Send without the %n oldest message</numerusform>
                <numerusform>Send without the %n oldest messages</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Deleted %n message(s)</source>
            <translation>
                <numerusform>Deleted %n message</numerusform>
                <numerusform>Deleted %n messages</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>pellucid::app::ConversationListModel</name>
        <message numerus="yes">
            <source>%n result(s)</source>
            <translation>
                <numerusform>%n result</numerusform>
                <numerusform>%n results</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>pellucid::app::ExchangeController</name>
        <message numerus="yes">
            <source>Imported %n conversation(s)</source>
            <translation>
                <numerusform>Imported %n conversation</numerusform>
                <numerusform>Imported %n conversations</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>pellucid::app::ModelSettingsBackend</name>
        <message numerus="yes">
            <source>%n settings need a reload.</source>
            <translation>
                <numerusform>%n setting needs a reload.</numerusform>
                <numerusform>%n settings need a reload.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>pellucid::app::ThoughtState</name>
        <message numerus="yes">
            <source>%1 tokens</source>
            <translation>
                <numerusform>%1 token</numerusform>
                <numerusform>%1 tokens</numerusform>
            </translation>
        </message>
    </context>
</TS>
