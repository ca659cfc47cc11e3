#pragma once
#include <string>

namespace hmm {

// Writes the whole file or nothing: a temporary beside it, renamed. Throws InputError.
void write_file(const std::string& path, const std::string& text);

// Throws InputError if the file's folder is not there or cannot be written to, so that nobody
// works for a result that has nowhere to go. An empty path is no file.
void require_writable(const std::string& path);

}  // namespace hmm
