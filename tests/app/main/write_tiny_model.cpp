// Writes the tests' tiny model that answers, for no_network.py: write_tiny_model FILE
#include <QFile>
#include <QTemporaryDir>
#include <cstdio>

#include "tests/engine/runtime/tiny_model.h"

int main(int argc, char** argv) {
    if (argc != 2) return 2;
    const QTemporaryDir folder;
    const QString made = QString::fromStdString(pellucid::test::write_tiny_model(folder));
    QFile::remove(QString::fromLocal8Bit(argv[1]));
    if (QFile::copy(made, QString::fromLocal8Bit(argv[1]))) return 0;
    std::fprintf(stderr, "%s could not be written\n", argv[1]);
    return 1;
}
