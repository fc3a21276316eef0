// Prints a new golden file: golden_writer <Message> [variant], every field populated. README.md says when.
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>

#include "tests/golden/golden_file.h"
#include "tests/golden/populate.h"

int main(int argc, char** argv) {
  const std::string type = argc > 1 ? argv[1] : "";
  const int variant = argc > 2 ? static_cast<int>(std::strtol(argv[2], nullptr, 10)) : 0;
  for (const google::protobuf::Message* stored : zaojing::golden::StoredMessages()) {
    if (stored->GetDescriptor()->name() != type) continue;
    const std::unique_ptr<google::protobuf::Message> message(stored->New());
    zaojing::golden::Populate(message.get(), variant);
    std::fputs(zaojing::golden::Print(*message).c_str(), stdout);
    return 0;
  }
  std::fprintf(stderr, "usage: golden_writer <Message> [variant]; messages:\n");
  for (const google::protobuf::Message* stored : zaojing::golden::StoredMessages()) {
    std::fprintf(stderr, "  %s\n", stored->GetDescriptor()->name().c_str());
  }
  return 2;
}
