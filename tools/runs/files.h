#pragma once
#include <string>

namespace hmm {

// Writes a text where `path` leads, symbolic links followed. A regular file, or what is not there
// yet, is replaced as a whole or stays as it is; anything else, such as a device, a pipe or an open
// file of /dev/fd, is written to. `-` is standard output. Throws InputError.
void write_file(const std::string& path, const std::string& text);

// Throws InputError if write_file() would fail for what can be seen beforehand, so that nobody
// works for a result that has nowhere to go.
void require_writable(const std::string& path);
// The same of a folder, which is made if it is not there; `by` is the option that names it.
void require_folder(const std::string& by, const std::string& path);

}  // namespace hmm
