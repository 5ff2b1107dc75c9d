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
        <name>pellucid::app::ModelSettingsBackend</name>
        <message numerus="yes">
            <source>%n settings need a reload.</source>
            <translation>
                <numerusform>%n setting needs a reload.</numerusform>
                <numerusform>%n settings need a reload.</numerusform>
            </translation>
        </message>
    </context>
</TS>
