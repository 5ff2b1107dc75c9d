// Models over a card and the host: chosen from what is free, kept when the card fails.
#include <QtTest>

#include "engine/runtime/local_engine.h"
#include "tests/engine/runtime/failing_backend.h"
#include "tests/engine/runtime/tiny_model.h"

using namespace pellucid;
using namespace std::chrono_literals;

namespace {

struct Heard {
    std::vector<TokenId> ids;
    std::optional<Finish> finish;
};

Heard hear(Reply& reply) {
    Heard heard;
    while (!heard.finish) {
        auto event = reply.next(60s);
        if (!event) break;
        if (auto* finish = std::get_if<Finish>(&*event)) heard.finish = *finish;
        if (auto* delta = std::get_if<Delta>(&*event))
            for (const auto& token : delta->tokens) heard.ids.push_back(token.id);
    }
    return heard;
}

ModelOptions on(const char* device, const char* placement = "auto", int context = 256) {
    ModelOptions options;
    options.device = device;
    options.placement = placement;
    options.context_length = context;
    options.kv_format = "f32";
    options.threads = 2;
    return options;
}

Request greedy(std::vector<TokenId> tokens, int most) {
    Request request;
    request.input = std::move(tokens);
    request.sampling.temperature = 0;
    request.max_tokens = most;
    return request;
}

const std::vector<TokenId> kPrompt = {11, 42, 7, 99, 3, 250, 18, 64, 5, 77};

Heard reply_of(Model& model, std::vector<TokenId> prompt = kPrompt, int most = 12) {
    auto session = *model.new_session();
    auto reply = session->generate(greedy(std::move(prompt), most));
    if (!reply) {
        Heard heard;
        heard.finish.emplace();
        heard.finish->reason = FinishReason::failed;
        heard.finish->error = reply.error();
        return heard;
    }
    return hear(**reply);
}

}  // namespace

class TestPlaceModel : public QObject {
    Q_OBJECT

private slots:
    void auto_takes_what_fits() {
        test::CardFate fate;
        LocalEngine engine(test::devices_with_card(fate));
        const std::string path = test::fixture_model("llama");
        const auto two = engine.plan(path, on("card", "cpu:0-1"));
        QVERIFY(two.ok() && two->devices.size() == 2 && two->devices[1].device == "card");
        const std::uint64_t room = two->devices[1].memory.total() + 1000;  // for all but two layers
        const auto whole = *engine.open(path, on("card"));
        QCOMPARE(whole->options().placement, std::string("whole"));
        QVERIFY(whole->memory().devices.empty());
        const Heard wanted = reply_of(*whole);
        QCOMPARE(wanted.ids.size(), std::size_t{12});

        fate.memory = room;
        const auto split = engine.open(path, on("card"));
        QVERIFY2(split.ok(), split.ok() ? "" : split.error().message().c_str());
        const std::string text = (*split)->options().placement;
        QVERIFY2(text.starts_with("cpu:0") && text.find(",card:") != std::string::npos, text.c_str());
        const MemoryPlan& plan = (*split)->memory();
        QCOMPARE(plan.devices.size(), std::size_t{2});
        for (const DeviceShare& share : plan.devices) QVERIFY(share.memory.total() <= share.available);
        // As much as fits is on the card: one layer more would be too much.
        const auto layers = (*split)->info().layers;
        const int on_host = std::stoi(text.substr(text.rfind(':') + 1));  // the card's first layer
        QVERIFY(on_host >= 1 && on_host < layers);
        if (on_host > 1) {
            const std::string more = "cpu:0-" + std::to_string(on_host - 2);
            QVERIFY(!engine.plan(path, on("card", more.c_str()))->fits());
        }
        QVERIFY((*split)->info().device.find("card: layers") != std::string::npos);
        QCOMPARE(reply_of(**split).ids, wanted.ids);

        fate.memory = 1000;  // not one layer: refused with the card's numbers, as it was asked for
        const auto none = engine.open(path, on("card"));
        QVERIFY(!none.ok() && none.error().code == ErrorCode::out_of_memory);
        fate.memory = room;
        fate.whole_only = true;
        QVERIFY(engine.open(path, on("card")).error().code == ErrorCode::out_of_memory);
        const auto refused = engine.open(path, on("card", "card:0,cpu:1-"));
        QVERIFY(refused.error().code == ErrorCode::unsupported);
        QVERIFY(refused.error().what.find("whole models only") != std::string::npos);
    }

    void auto_puts_experts_on_the_host() {
        test::CardFate fate;
        LocalEngine engine(test::devices_with_card(fate));
        const std::string path = test::fixture_model("qwen2moe");
        const Heard wanted = reply_of(**engine.open(path, on("card")));
        const auto experts = engine.plan(path, on("card", "experts=cpu"));
        QVERIFY(experts.ok() && experts->devices.size() == 2);
        fate.memory = experts->devices[0].memory.total() + 1000;
        const auto model = engine.open(path, on("card"));
        QVERIFY2(model.ok(), model.ok() ? "" : model.error().message().c_str());
        const std::string text = (*model)->options().placement;
        QVERIFY2(text.find("experts=cpu:") != std::string::npos, text.c_str());
        QCOMPARE(reply_of(**model).ids, wanted.ids);
        QCOMPARE((*model)->memory().devices[1].memory.kv, std::uint64_t{0});
    }

    void a_draft_and_adapters_work_over_a_cut() {
        test::CardFate fate;
        LocalEngine engine(test::devices_with_card(fate));
        const std::string path = test::fixture_model("llama");
        auto options = on("card", "cpu:0f-1a");
        options.adapters = {{std::string(PELLUCID_FIXTURES) + "/folders/quantized/lora_first", 0.7f}};
        auto whole_options = options;
        whole_options.placement = "whole";
        const Heard wanted = reply_of(**engine.open(path, whole_options));
        QVERIFY(reply_of(**engine.open(path, on("card"))).ids != wanted.ids);
        QCOMPARE(reply_of(**engine.open(path, options)).ids, wanted.ids);
        options.speculation = *parse_speculation("draft:" + path + ",3");
        const Heard guessed = reply_of(**engine.open(path, options));
        QCOMPARE(guessed.ids, wanted.ids);
        QVERIFY(guessed.finish->timings.drafted_tokens > 0);
    }

    void a_card_that_is_full_at_load_names_the_way_out() {
        test::CardFate fate;
        fate.full_at_load = true;
        LocalEngine engine(test::devices_with_card(fate));
        const std::string path = test::fixture_model("llama");
        for (const char* placement : {"whole", "cpu:0,card:1-"}) {
            const auto failed = engine.open(path, on("card", placement));
            QVERIFY(!failed.ok() && failed.error().code == ErrorCode::out_of_memory);
            QVERIFY(failed.error().what.find("the card is full") != std::string::npos);
            QVERIFY2(failed.error().hint.find("--device cpu --placement whole") != std::string::npos,
                     failed.error().hint.c_str());
        }
        const std::string without[] = {"card"};
        const auto offers = engine.offers(path, on("card"), without);
        QVERIFY(offers.ok() && offers->size() == 1);
        QCOMPARE(offers->front().device, std::string("cpu"));
        QVERIFY(engine.open(path, on(offers->front().device.c_str())).ok());
        // Those with the card come first while it is there, and all of them fit.
        const auto all = engine.offers(path, on("card"));
        QVERIFY(all->size() >= 2 && all->front().device == "card" && all->front().placement == "whole");
        for (const PlacementOffer& offer : *all) {
            const auto plan = engine.plan(path, on(offer.device.c_str(), offer.placement.c_str()));
            QVERIFY(plan.ok() && plan->fits());
        }
    }

    /// The text is kept by whoever asked; the model is opened elsewhere and goes on from it.
    void a_lost_card_ends_replies_and_the_chat_goes_on_elsewhere_data() {
        QTest::addColumn<QString>("placement");
        QTest::addRow("whole") << "whole";
        QTest::addRow("placed") << "cpu:0,card:1-";
    }
    void a_lost_card_ends_replies_and_the_chat_goes_on_elsewhere() {
        QFETCH(QString, placement);
        test::CardFate fate;
        LocalEngine engine(test::devices_with_card(fate));
        const std::string path = test::fixture_model("llama");
        const auto undisturbed = reply_of(**engine.open(path, on("reference")), kPrompt, 60);
        auto model = *engine.open(path, on("card", placement.toUtf8().constData()));
        auto first = *model->new_session(), second = *model->new_session();
        fate.hold_behind = fate.steps + 20;  // it cannot end before the card does
        auto running = *first->generate(greedy(kPrompt, 60));
        auto beside = *second->generate(greedy({5, 6, 7}, 60));
        std::vector<TokenId> text = kPrompt;
        while (text.size() < kPrompt.size() + 3) {
            const auto event = running->next(60s);
            QVERIFY(event.has_value());
            if (const auto* delta = std::get_if<Delta>(&*event))
                for (const auto& token : delta->tokens) text.push_back(token.id);
        }
        fate.lost = true;
        fate.hold_behind = 1 << 30;
        Heard end = hear(*running);
        text.insert(text.end(), end.ids.begin(), end.ids.end());
        QVERIFY(end.finish && end.finish->reason == FinishReason::failed);
        QVERIFY(end.finish->error && end.finish->error->code == ErrorCode::device_lost);
        QVERIFY(end.finish->error->what.find("the card stopped answering") != std::string::npos);
        QVERIFY(hear(*beside).finish->error->code == ErrorCode::device_lost);
        // Nothing is tried again on it.
        const int steps = fate.steps;
        const auto again = first->generate(greedy(text, 5));
        QVERIFY(!again.ok() && again.error().code == ErrorCode::device_lost);
        QCOMPARE(int{fate.steps}, steps);
        // Elsewhere, from where it stopped.
        const std::string without[] = {"card"};
        const auto offers = engine.offers(path, on("card"), without);
        QVERIFY(offers.ok() && !offers->empty());
        running.reset(), beside.reset(), first.reset(), second.reset(), model.reset();
        auto options = on("reference");  // bit for bit what the card would have said
        options.placement = offers->front().placement;
        model = *engine.open(path, options);
        const int left = 60 - static_cast<int>(text.size() - kPrompt.size());
        const Heard rest = reply_of(*model, text, left);
        text.insert(text.end(), rest.ids.begin(), rest.ids.end());
        QCOMPARE(std::vector<TokenId>(text.begin() + static_cast<long>(kPrompt.size()), text.end()),
                 undisturbed.ids);
    }

    /// A card that is full for a moment: that reply fails, and nothing half-written is believed afterwards.
    void a_full_card_in_mid_chat_spoils_nothing_data() {
        a_lost_card_ends_replies_and_the_chat_goes_on_elsewhere_data();
    }
    void a_full_card_in_mid_chat_spoils_nothing() {
        QFETCH(QString, placement);
        test::CardFate fate;
        LocalEngine engine(test::devices_with_card(fate));
        const std::string path = test::fixture_model("llama");
        std::vector<TokenId> longer(80);
        for (std::size_t i = 0; i < longer.size(); ++i) longer[i] = static_cast<TokenId>(i * 7 % 300);
        const auto fresh = *engine.open(path, on("reference"));
        const Heard wanted = reply_of(*fresh, longer, 40), other = reply_of(*fresh, kPrompt, 8);
        const auto model = *engine.open(path, on("card", placement.toUtf8().constData()));
        auto waits = *model->new_session();
        fate.hold_behind = fate.steps + 20;  // so that it is paused before it ends
        auto paused = *waits->generate(greedy(longer, 40));
        Heard heard;
        while (heard.ids.size() < 2) {
            const auto event = paused->next(60s);
            QVERIFY(event.has_value());
            if (const auto* delta = std::get_if<Delta>(&*event))
                for (const auto& token : delta->tokens) heard.ids.push_back(token.id);
        }
        QVERIFY(paused->control(Pause{}).ok());
        fate.hold_behind = 1 << 30;
        QCOMPARE(reply_of(*model, kPrompt, 8).ids, other.ids);  // once this ran alone the other has paused
        fate.full_in_step = true;
        const Heard failed = reply_of(*model, kPrompt, 8);
        QVERIFY(failed.finish->error && failed.finish->error->code == ErrorCode::out_of_memory);
        // What stood in the cache is not taken over; the same question again is answered from its beginning.
        const Heard again = reply_of(*model, kPrompt, 8);
        QCOMPARE(again.ids, other.ids);
        QCOMPARE(again.finish->timings.cached_tokens, 0);
        QCOMPARE(reply_of(*model, kPrompt, 8).finish->timings.cached_tokens, 9);
        // And the reply that was paused meanwhile says what it would have said.
        QVERIFY(paused->control(Resume{}).ok());
        const Heard rest = hear(*paused);
        heard.ids.insert(heard.ids.end(), rest.ids.begin(), rest.ids.end());
        QCOMPARE(heard.ids, wanted.ids);
    }
};

QTEST_GUILESS_MAIN(TestPlaceModel)
#include "test_place_model.moc"
