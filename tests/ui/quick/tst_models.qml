import QtQuick
import QtTest
import Pellucid
import Pellucid.App

// The model picker, the models page, and the first run.
ViewCase {
    id: test
    name: "Models"

    readonly property string modelName: "DeepSeek-R1 Distill Qwen 7B"

    Component {
        id: page
        ChatPage { anchors.fill: parent; focus: true }
    }
    Component {
        id: library
        ModelsPage { anchors.fill: parent; focus: true }
    }
    Component {
        id: firstRun
        FirstRun { anchors.fill: parent; focus: true }
    }

    function test_the_picker_lists_and_unloads() {
        open(page, [{ answer: "One." }]);
        click("Model: " + modelName);
        const row = waitFor(modelName);
        verify(row.chosen);
        click("Unload, and free its memory");
        tryCompare(app.models, "state", ModelController.Chosen);
        waitGone("All models…");
        click("Model: " + modelName);
        click(modelName);
        tryCompare(app.models, "state", ModelController.Ready, 20000);
    }
    function test_the_picker_leads_to_the_page() {
        open(page, [{ answer: "One." }]);
        const asked = createTemporaryQmlObject("import QtTest; SignalSpy {}", test);
        asked.target = view;
        asked.signalName = "modelsPageAsked";
        click("Model: " + modelName);
        click("All models…");
        tryCompare(asked, "count", 1);
    }
    function test_the_page_shows_facts_and_takes_a_model_off() {
        open(library, [{ answer: "One." }]);
        click("Actions for " + modelName);
        click("Unload, and free its memory");
        tryCompare(app.models, "state", ModelController.Chosen);
        click("Actions for " + modelName);
        click("Remove…");
        click("Take off");
        tryCompare(app.models.list, "count", 0);
        waitFor("Choose file");
    }
    function test_first_run_offers_the_starter() {
        app = bench.bare(true);
        tryVerify(() => app.firstRun);
        show(firstRun);
        const start = waitFor("Start");
        tryVerify(() => start.activeFocus);
        waitFor("Choose file");
    }
    function test_first_run_without_a_starter() {
        app = bench.bare(false);
        tryVerify(() => app.firstRun);
        show(firstRun);
        verify(called("Start") === null);
        const choose = waitFor("Choose file");
        tryVerify(() => choose.activeFocus);
        click("Look around without a model");
        tryVerify(() => !app.firstRun);
    }
}
