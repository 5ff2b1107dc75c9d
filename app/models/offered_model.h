// A model that could be on this computer: what a catalogue or a hub offers, and how it would fit.
#pragma once

#include <QDate>
#include <QString>
#include <QStringList>
#include <optional>
#include <vector>

namespace pellucid::app {

/// What went wrong and what a person can do. Empty `what`: nothing.
struct Problem {
    QString what, hint;
    explicit operator bool() const { return !what.isEmpty(); }
};

/// Whether a model fits here, in the words of the list.
struct Fit {
    enum Kind {
        Unknown,   ///< not known yet, or not to be known
        OnGpu,     ///< wholly on the graphics card
        InMemory,  ///< wholly in the main memory; this computer has no graphics card that is used
        Layers,    ///< `layersOnGpu` of `layers` on the graphics card
        Experts,   ///< the experts stay in the main memory
        TooLarge,  ///< `missing` bytes too much
        Refused,   ///< this version does not run such a model here
    };
    Kind kind = Unknown;
    int layersOnGpu = 0, layers = 0;
    double tokensPerSecond = 0;  ///< predicted; 0: not known
    bool measured = false;       ///< tokensPerSecond was measured here
    bool rough = false;          ///< by the file's size alone: nobody has read its header yet
    quint64 missing = 0;         ///< bytes
    bool fits() const { return kind != Unknown && kind != TooLarge && kind != Refused; }
    /// Below this a person waits for words.
    bool slow() const { return tokensPerSecond > 0 && tokensPerSecond < 5; }
};

/// One quantisation of a model: a file, or several parts that are one.
struct OfferedFile {
    QString name;          ///< of the (first) file, without folders
    QString quantization;  ///< "Q4_K_M"
    quint64 bytes = 0;     ///< all parts
    int parts = 1;
    QString sha256;  ///< of the first part; empty: the hub does not say
    Fit fit;
};

struct OfferedModel {
    enum Kind { Other, Chat, Reasoning, Code, Embedding };
    QString id;  ///< the source's own, stable
    QString name, author;
    QString licence;  ///< "MIT", "Gemma"
    QString licenceUrl;
    bool askLicence = false;  ///< its terms have to be accepted before it is fetched
    bool gated = false;       ///< the hub gives it only to accounts that have asked for it
    QString origin;           ///< where it comes from, as people call it: "Hugging Face"
    QDate date;
    Kind kind = Other;
    bool experts = false;
    double parameters = 0;
    int context = 0;  ///< trained, tokens
    QString about, thinking;
    QStringList languages;
    std::vector<OfferedFile> files;
    int best = -1;          ///< the file for this computer
    bool complete = false;  ///< files and fits are known; otherwise DiscoverSource::complete finds them
};

/// What one device would hold.
struct DevicePlan {
    QString name;
    bool gpu = false;
    quint64 weights = 0, context = 0, working = 0;
    quint64 others = 0;  ///< other programs
    quint64 total = 0;
    quint64 used() const { return weights + context + working + others; }
};

struct FitPlan {
    std::vector<DevicePlan> devices;  ///< the graphics card first, where there is one
    Fit fit;
    int context = 0;      ///< that was planned for
    int contextMax = 0;   ///< the model's own
    int contextFits = 0;  ///< the longest that fits; 0: none
    bool splits = false;  ///< how many layers the graphics card takes can be chosen
};

struct PlanQuery {
    QString modelId;  ///< of an OfferedModel; or
    QString path;     ///< a file on this computer
    QString file;     ///< OfferedFile::name
    int context = 0;  ///< 0: the source chooses
    QString kvFormat = QStringLiteral("f16");
    int gpuLayers = -1;  ///< -1: as many as fit
};

}  // namespace pellucid::app
