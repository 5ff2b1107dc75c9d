// Eigenvectors of a small dense symmetric matrix.
#pragma once

#include <span>
#include <vector>

namespace pellucid {

struct SymmetricEigen {
    std::vector<double> values;   ///< [n], largest first
    std::vector<double> vectors;  ///< [n, n], row i belongs to values[i]; orthonormal
};

/// a: [n, n], symmetric (the lower half is read), finite. Householder's tridiagonal form, then implicit QL
/// steps (Golub and Van Loan, Matrix Computations, chapter 8); about 10 n^3 operations.
SymmetricEigen symmetric_eigen(std::span<const double> a, int n);

}  // namespace pellucid
