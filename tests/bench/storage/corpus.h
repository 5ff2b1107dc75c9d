// 1,000 conversations of 50 messages, English and Chinese mixed, the same on every run.
//
// Words are drawn by Zipf's law from a made vocabulary, so that common and rare words, prefixes and
// characters occur about as often as in real text; a few real sentences are strewn in for queries to find.
#pragma once

#include <array>
#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "storage/archive.h"

namespace pellucid::storage::bench {

class Corpus {
public:
    explicit Corpus(std::uint32_t seed = 1) : random_(seed) {
        static constexpr std::array kOnsets = {"t",  "th", "s", "st", "p",  "pr", "c", "r",
                                               "m",  "d",  "w", "in", "re", "a",  "e", "o",
                                               "qu", "b",  "l", "n",  "f",  "g",  "h", "v"};
        static constexpr std::array kRimes = {"a",   "er", "ing", "ion", "ed", "al", "ate", "ent", "ous",
                                              "ive", "um", "es",  "or",  "ic", "ly", "and", "ow",  "eal"};
        const auto pick = [&](const auto& from) { return from[random_() % from.size()]; };
        for (int i = 0; i < kWords; ++i) {
            std::string word;
            for (int part = 1 + static_cast<int>(random_() % 3); part >= 0; --part)
                word += std::string(pick(kOnsets)) + pick(kRimes);
            words_.push_back(word);
        }
        double sum = 0;
        for (int i = 0; i < kWords; ++i) zipf_.push_back(sum += 1 / std::pow(i + 2.7, 1.05));
        for (auto& value : zipf_) value /= sum;
        double han = 0;
        for (int i = 0; i < kHan; ++i) han_zipf_.push_back(han += 1 / std::pow(i + 10.0, 0.9));
        for (auto& value : han_zipf_) value /= han;
    }

    std::string english(int count) {
        std::string text;
        for (int i = 0; i < count; ++i) {
            if (i > 0) text += i % 13 == 0 ? ". " : i % 97 == 0 ? "\n\n" : " ";
            text += words_[draw(zipf_)];
        }
        return text + ".";
    }
    std::string chinese(int count) {
        static const std::array<std::string, 8> kPhrases = {
            "机器学习", "注意力机制", "推理模型", "数据库", "请解释一下", "为什么", "我们需要", "编程语言"};
        std::string text;
        for (int i = 0; i < count; ++i) {
            if (i > 0 && i % 17 == 0) text += "，";
            if (i > 0 && i % 61 == 0) text += "。\n";
            if (random_() % 40 == 0) text += kPhrases[random_() % kPhrases.size()];
            append_han(text, 0x4e00 + static_cast<int>(draw(han_zipf_)) * 7 % 20000);
        }
        return text;
    }

    ArchivedConversation conversation(int number, int messages = 50) {
        ArchivedConversation archive;
        const bool han = number % 2 == 1;
        archive.title = han ? chinese(8) : english(5);
        archive.created_at = 1'600'000'000'000 + Millis{number} * 86'400'000;
        archive.updated_at = archive.created_at + 3'600'000;
        for (int i = 0; i < messages; ++i) {
            NewMessage message;
            message.created_at = archive.created_at + i * 60'000;
            if (i % 2 == 0) {
                message.parts = {{.kind = PartKind::text, .text = han ? chinese(30) : english(25)}};
            } else {
                message.role = Role::assistant;
                message.parts = {{.kind = PartKind::thought,
                                  .text = han ? chinese(220) : english(150),
                                  .seconds = 4,
                                  .token_count = 200},
                                 {.kind = PartKind::answer,
                                  .text = han ? chinese(180) : english(120),
                                  .seconds = 3,
                                  .token_count = 150}};
                message.timings = Timings{400, 300, 200, 150, 0.5, 7, 0.6, 4};
                message.receipt =
                    Receipt{"SmolLM2", "sha256:1234", "Q4_1", "sha256:5678", random_(), "{}", "0.1.0", "cpu"};
            }
            archive.nodes.push_back({i - 1, true, std::move(message)});
        }
        return archive;
    }

    /// The n-th most common word.
    const std::string& word(int rank) const { return words_[static_cast<std::size_t>(rank)]; }

private:
    static constexpr int kWords = 30000, kHan = 3500;

    std::size_t draw(const std::vector<double>& cumulative) {
        const double at = std::uniform_real_distribution<double>(0, 1)(random_);
        return static_cast<std::size_t>(std::lower_bound(cumulative.begin(), cumulative.end() - 1, at) -
                                        cumulative.begin());
    }
    static void append_han(std::string& text, int c) {
        text += static_cast<char>(0xe0 | (c >> 12));
        text += static_cast<char>(0x80 | ((c >> 6) & 0x3f));
        text += static_cast<char>(0x80 | (c & 0x3f));
    }

    std::mt19937 random_;
    std::vector<std::string> words_;
    std::vector<double> zipf_, han_zipf_;
};

}  // namespace pellucid::storage::bench
