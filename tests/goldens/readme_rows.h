#pragma once
#include <string>

#include "tests/goldens/goldens.h"

// Lines of a README whose numbers the goldens have. Each is returned with those, or as it is;
// std::runtime_error for a number that no golden has.
namespace hmm::goldens {

// In a code block: a row of the table that `hmmcheck check` prints.
std::string check_row(std::string line, const Goldens& goldens);

// Elsewhere: a row of the tables of recordings and of promises, or a sentence.
std::string prose_line(const std::string& line, const Goldens& goldens);

}  // namespace hmm::goldens
