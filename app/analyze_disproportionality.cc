// `analyze disproportionality`: product-event pairs of a case file with every disproportionality figure.
#include "app/analyze_commands.h"
#include "app/commands.h"

namespace zaojing {

void AddAnalyzeDisproportionality(CLI::App& analyze, int* exit_code) {
  CLI::App* command =
      analyze.add_subcommand("disproportionality", "Product-event pairs with PRR, ROR, IC, EBGM");
  command->callback([exit_code] { *exit_code = kExitFailed; });
}

}  // namespace zaojing
