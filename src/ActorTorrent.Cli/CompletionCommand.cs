using System.CommandLine;

namespace ActorTorrent.Cli;

/// <summary>The verb <c>completion</c>: prints what teaches a shell to complete our command lines. It asks this program for each, by <c>[suggest]</c>.</summary>
internal static class CompletionCommand
{
    private const string Bash = """
        # Completes actortorrent in bash: eval "$(actortorrent completion bash)" in ~/.bashrc.
        _actortorrent() {
            local word="${COMP_WORDS[COMP_CWORD]}" found quoted
            COMPREPLY=()
            while IFS= read -r found; do
                found="${found%$'\r'}"
                [ -n "$found" ] || continue
                printf -v quoted '%q' "$found"
                if [[ "$quoted" == "$word"* || "$found" == "$word"* ]]; then
                    COMPREPLY+=("$quoted")
                fi
            done < <("${COMP_WORDS[0]}" "[suggest:$COMP_POINT]" "$COMP_LINE" 2>/dev/null)
        }
        complete -o default -F _actortorrent actortorrent
        """;

    private const string Zsh = """
        # Completes actortorrent in zsh: eval "$(actortorrent completion zsh)" in ~/.zshrc, after compinit.
        _actortorrent() {
            local -a found
            found=("${(@f)$("${words[1]}" "[suggest:$CURSOR]" "$BUFFER" 2>/dev/null)}")
            compadd -a found
            _files
        }
        compdef _actortorrent actortorrent
        """;

    private const string Fish = """
        # Completes actortorrent in fish: actortorrent completion fish > ~/.config/fish/completions/actortorrent.fish
        complete -c actortorrent -a '(actortorrent "[suggest:"(commandline -C)"]" (commandline -p | string collect) 2>/dev/null)'
        """;

    /// <summary>Makes the verb.</summary>
    public static Command Create()
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh or fish.", HelpName = "bash|zsh|fish" };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new Command("completion", "Print a script that lets the shell complete our verbs, options, and the names of a running service's torrents.") { shell };
        command.SetAction(async (parsed, _) =>
        {
            var script = parsed.GetValue(shell) switch { "bash" => Bash, "zsh" => Zsh, _ => Fish };
            // As shells read it, whatever the source's line ends are.
            await parsed.InvocationConfiguration.Output.WriteAsync(script.ReplaceLineEndings("\n") + "\n").ConfigureAwait(false);
            return ExitCode.Ok;
        });
        return command;
    }
}
