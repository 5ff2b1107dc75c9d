#include "app/services/keychain_token.h"

#include <qt6keychain/keychain.h>

#include <QCoreApplication>
#include <QPointer>

namespace pellucid::app {

namespace {

const QString kService = QStringLiteral("Pellucid");
const QString kKey = QStringLiteral("huggingface-token");

}  // namespace

void KeychainToken::read(QObject* context, std::function<void(QString, Problem)> then) {
    auto* job = new QKeychain::ReadPasswordJob(kService);
    job->setKey(kKey);
    QObject::connect(job, &QKeychain::Job::finished, context, [job, then = std::move(then)] {
        const bool none = job->error() != QKeychain::NoError;
        const bool broken = none && job->error() != QKeychain::EntryNotFound;
        then(none ? QString() : job->textData(),
             broken ? Problem{QCoreApplication::translate("KeychainToken", "The keychain cannot be read."),
                              job->errorString()}
                    : Problem());
    });
    job->start();
}

void KeychainToken::write(const QString& token, QObject* context, std::function<void(Problem)> then) {
    QKeychain::Job* job = nullptr;
    if (token.isEmpty()) {
        auto* forget = new QKeychain::DeletePasswordJob(kService);
        forget->setKey(kKey);
        job = forget;
    } else {
        auto* keep = new QKeychain::WritePasswordJob(kService);
        keep->setKey(kKey);
        keep->setTextData(token);
        job = keep;
    }
    QObject::connect(job, &QKeychain::Job::finished, context, [job, then = std::move(then)] {
        const bool good = job->error() == QKeychain::NoError || job->error() == QKeychain::EntryNotFound;
        then(good ? Problem()
                  : Problem{QCoreApplication::translate("KeychainToken",
                                                        "This desktop has no keychain that can be used."),
                            QCoreApplication::translate("KeychainToken",
                                                        "The token is kept until Pellucid ends.")});
    });
    job->start();
}

}  // namespace pellucid::app
