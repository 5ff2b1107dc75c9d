// What an answer about documents stands on: the passages that the model was given, how they were found, and
// which of its sentences they bear out. A message carries it; the chat view shows it as chips, as the list of
// passages read, and as marks under sentences.
#pragma once

#include <QJsonObject>
#include <QString>
#include <QStringList>
#include <memory>
#include <vector>

namespace pellucid::app {

/// Bytes [first, last) of a document's text.
struct EvidenceSpan {
    quint32 first = 0, last = 0;
    bool operator==(const EvidenceSpan&) const = default;
};

/// A passage as the index found it. In the answer's text "[3]" stands for the passage with number 3.
struct FoundPassage {
    int number = 0;     ///< from 1, its mark in the answer; 0: it was found and not given to the model
    QString document;   ///< the library's id of the document
    QString name;       ///< of the document, as people know it: "Lease Unit 4 Harbour Row.pdf"
    QString headings;   ///< "10 Break option > 10.2"; may be empty
    QString pageLabel;  ///< what the document calls its page: "7", "iv"; empty: the source has no pages
    int page = -1;      ///< index of the page it begins on; -1: the source has no pages
    quint32 first = 0, last = 0;  ///< bytes of the document's text
    QString text;                 ///< its words, as they stand in the document
    bool cited = false;           ///< the answer refers to it
    /// What of it bears out the sentences that cite it, in order and apart; empty: not known, the whole of
    /// it.
    std::vector<EvidenceSpan> evidence;

    // Why it was found. Ranks count from 1; 0: not found in that way. Scores: higher is nearer.
    int wordRank = 0, meaningRank = 0;
    double wordScore = 0;     ///< BM25
    double meaningScore = 0;  ///< cosine, -1 to 1
    double fusedScore = 0;    ///< reciprocal rank fusion
    double rerankScore = -1;  ///< 0 to 1; -1: not reranked
    enum Left { Given, NoRoom, Repeats, TooFar };
    Left left = Given;  ///< why the model was not given it

    /// Joined with what it touches. Nothing for what is not within first and last.
    void addEvidence(quint32 from, quint32 to);
    bool operator==(const FoundPassage&) const = default;
};

/// A sentence of the answer that was held against its passages.
struct CheckedSentence {
    enum Verdict {
        Supported,
        Unsupported,  ///< no passage says so
        Differs,      ///< a passage says nearly so, but for a number, a name, a unit or a "not"
    };
    Verdict verdict = Supported;
    QString text;     ///< as it stands in the answer, marks included
    int number = 0;   ///< the passage it was held against; 0: none
    QString differs;  ///< Differs: the words that are not the passage's ("eighteen months")

    bool operator==(const CheckedSentence&) const = default;
};

struct AnswerSources {
    std::vector<FoundPassage> passages;  ///< given to the model, by number
    std::vector<FoundPassage> others;    ///< found and left out, nearest first
    std::vector<CheckedSentence> sentences;
    int searched = 0;        ///< passages among which these were found
    bool whole = false;      ///< whole documents were given, nothing was searched
    bool checked = false;    ///< the answer has been held against its passages
    QString scope;           ///< what was asked, in a person's words: "All documents", "Thesis"
    QStringList suspicious;  ///< words in the documents that give orders to the model

    /// The passage of a mark, or nullptr.
    const FoundPassage* numbered(int number) const;
    bool operator==(const AnswerSources&) const = default;
};

/// Kept with its message.
QJsonObject answerSourcesToJson(const AnswerSources& sources);
/// What is missing or of another kind takes its default: older and damaged rows still show their answer.
AnswerSources answerSourcesFromJson(const QJsonObject& json);

using AnswerSourcesPtr = std::shared_ptr<const AnswerSources>;

}  // namespace pellucid::app
