import QtQuick
import QtTest
import Pellucid
import Pellucid.App

// The controls of the settings set what they say, show what is set, and go back to the default.
ViewCase {
    id: test
    name: "Settings"

    Component {
        id: page
        SettingsPage { anchors.fill: parent; focus: true }
    }

    function start(which: string) {
        open(page, [{ thought: "Hm.", answer: "One." }], { current: which });
    }

    function test_a_switch() {
        start("general");
        const before = app.settings.showStatistics;
        const toggle = waitFor("Show statistics under answers");
        compare(toggle.on, before);
        mouseClick(toggle);
        tryCompare(app.settings, "showStatistics", !before);
        tryCompare(toggle, "on", !before);
        click("Reset Show statistics under answers");
        tryCompare(app.settings, "showStatistics", before);
        waitGone("Reset Show statistics under answers");
    }
    function test_a_choice_of_three() {
        start("appearance");
        click("Theme: Dark");
        tryCompare(app.settings, "theme", SettingsBackend.Dark);
        click("Theme: Light");
        tryCompare(app.settings, "theme", SettingsBackend.Light);
        click("Reset Theme");
        tryCompare(app.settings, "theme", SettingsBackend.MatchSystem);
    }
    function test_a_slider_by_key() {
        start("appearance");
        const slider = waitFor("Size in per cent");
        slider.forceActiveFocus(Qt.TabFocusReason);
        keyClick(Qt.Key_Right);
        tryCompare(app.settings, "zoom", 110);
        keyClick(Qt.Key_Left);
        tryCompare(app.settings, "zoom", 100);
    }
    function test_thoughts_shown() {
        start("thinking");
        click("Show thoughts: Closed");
        tryCompare(app.settings, "thoughtDisplay", SettingsBackend.AlwaysClosed);
        click("Show thoughts: While thinking");
        tryCompare(app.settings, "thoughtDisplay", SettingsBackend.WhileThinking);
    }
    function test_a_number_and_its_slider_agree() {
        start("model");
        app.modelSettings.temperature = 0.5;
        const slider = waitFor("Temperature");
        tryVerify(() => Math.abs(slider.value - 0.5) < 1e-6);
        slider.forceActiveFocus(Qt.TabFocusReason);
        keyClick(Qt.Key_Right);
        tryVerify(() => Math.abs(app.modelSettings.temperature - 0.55) < 1e-6);
    }
    function test_what_needs_a_reload_waits_in_a_bar() {
        start("model");
        verify(called("Reload model") === null);
        app.modelSettings.contextLength = 4096;
        waitFor("Reload model");
        click("Undo");
        waitGone("Reload model");
        app.modelSettings.contextLength = 4096;
        click("Reload model");
        tryVerify(() => app.models.state === ModelController.Ready && !app.modelSettings.reloadNeeded, 20000);
        waitGone("Reload model");
    }
    function test_every_cache_format_has_words() {
        start("model");
        const choice = waitFor("Context cache: 16 bit");
        verify(app.modelSettings.kvFormats.length > 3);
        for (const id of app.modelSettings.kvFormats) {
            verify(choice.words[id] !== undefined, id);
        }
    }
    function test_a_preset_is_saved_chosen_renamed_and_deleted() {
        start("model");
        app.modelSettings.temperature = 0.3;
        click("Preset: None");
        click("Save as a preset…");
        waitFor("Name of the preset").text = "Careful";
        click("Save");
        tryCompare(app.modelSettings.presets, "current", "Careful");
        app.modelSettings.temperature = 0.9;
        click("Preset: Careful, changed");
        click("Careful");
        tryVerify(() => Math.abs(app.modelSettings.temperature - 0.3) < 1e-6);
        app.modelSettings.temperature = 0.6;
        click("Preset: Careful, changed");
        click("Keep the changes in Careful");
        click("Preset: Careful");
        click("Rename…");
        waitFor("Name of the preset").text = "Strict";
        click("Rename");
        click("Preset: Strict");
        click("Delete…");
        click("Delete");
        waitFor("Preset: None");
        verify(Math.abs(app.modelSettings.temperature - 0.6) < 1e-6, "the settings stay");
        compare(app.modelSettings.presets.names.length, 0);
    }
    function test_downloads_at_set_hours() {
        start("network");
        click("Download only at set hours");
        tryCompare(app.network, "scheduled", true);
        const from = waitFor("From");
        from.forceActiveFocus(Qt.TabFocusReason);
        from.text = "23:30";
        keyClick(Qt.Key_Return);
        tryCompare(app.network, "fromMinute", 23 * 60 + 30);
        from.text = "25:00";   // no time of a day
        keyClick(Qt.Key_Return);
        tryCompare(from, "text", "23:30");
        compare(app.network.fromMinute, 23 * 60 + 30);
        click("Download only at set hours");
        tryCompare(app.network, "scheduled", false);
    }
    function test_more_sampling_unfolds() {
        start("model");
        verify(called("Typical-p") === null);
        const more = waitFor("Show all sampling settings");
        more.forceActiveFocus(Qt.TabFocusReason);
        keyClick(Qt.Key_Space);
        waitFor("Typical-p");
        waitFor("Show fewer");
    }
    function test_escape_leaves() {
        start("general");
        const asked = createTemporaryQmlObject("import QtTest; SignalSpy {}", test);
        asked.target = view;
        asked.signalName = "backAsked";
        view.forceActiveFocus();
        keyClick(Qt.Key_Escape);
        compare(asked.count, 1);
    }
}
