#include "tests/ui/kit/scenes.h"

#include <QDateTime>

#include "tests/ui/kit/scene_texts.h"

namespace pellucid::ui {

void fillSidebar(UiBench &bench, bool chinese) {
    struct Old {
        const char *en, *zh;
        int hoursAgo;
        bool pinned;
    };
    static const Old olds[] = {
        {"Thesis: related work", "论文：相关工作", 200, true},
        {"Weekly planning", "每周计划", 300, true},
        {"Why is my CMake preset ignored", "CMake 预设为什么不生效", 1, false},
        {"Lease: early termination", "租约：提前终止", 2, false},
        {"Translate the abstract into Chinese", "把摘要译成中文", 26, false},
        {"Sourdough schedule for a cold kitchen", "冷厨房的酸面包时间表", 27, false},
        {"Explain RoPE with YaRN scaling", "RoPE 与 YaRN 的区别", 28, false},
        {"SQL: gaps and islands", "SQL：间隔与孤岛", 80, false},
        {"Letter to the housing association", "给住房协会的信", 90, false},
        {"Regex for ISO dates", "匹配 ISO 日期的正则", 100, false},
    };
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    int number = 0;
    for (const Old &old : olds) {
        app::ConversationSummary summary;
        summary.id = QStringLiteral("old-%1").arg(number++);
        summary.title = QString::fromUtf8(chinese ? old.zh : old.en);
        summary.pinned = old.pinned;
        summary.updatedMs = now - old.hoursAgo * 3600000ll;
        bench.store.createConversation(summary);
        app::Message message;
        message.id = summary.id + QStringLiteral("-1");
        message.text = sceneOldMessage(chinese, number - 1);
        message.createdMs = summary.updatedMs;
        bench.store.appendMessage(summary.id, message);
        bench.store.createConversation(summary);  // appending took the present for its time
        if (old.pinned) bench.store.pinConversation(summary.id, true);
    }
}

std::unique_ptr<UiBench> stage(const Scene &scene, QSize size, bool chinese, const std::function<void(UiBench &)> &before) {
    auto bench = std::make_unique<UiBench>(scene.script(chinese), size, std::make_shared<ManualMockClock>(), nullptr, scene.starter);
    bench->setLanguage(chinese ? QStringLiteral("zh_CN") : QStringLiteral("en"));
    if (before) before(*bench);
    if (scene.loads) {
        if (scene.chats) fillSidebar(*bench, chinese);
        if (!bench->load()) return nullptr;
    }
    if (!bench->show() || !scene.arrange(*bench, chinese) || !bench->settle()) return nullptr;
    return bench;
}

const std::vector<Scene> &scenes() {
    static const std::vector<Scene> all = [] {
        std::vector<Scene> list;
        for (const auto &part : {modelScenes(), chatScenes(), documentScenes(), settingsScenes()}) list.insert(list.end(), part.begin(), part.end());
        return list;
    }();
    return all;
}

}  // namespace pellucid::ui
