using System.Diagnostics;
using System.Runtime.Versioning;
using ActorTorrent.Cli.Tests.Support;
using ActorTorrent.Lab.Data;

namespace ActorTorrent.Cli.Tests.Remote;

/// <summary>The scripts that let shells complete, in a real bash.</summary>
[SupportedOSPlatform("linux")]
public sealed class CompletionTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Bash_completes_verbs_options_and_torrents()
    {
        await using var service = await Serving.StartAsync();
        foreach (var (name, seed) in new[] { ("Debian 12", 1ul), ("Debian-13", 2ul), ("Fedora: a story", 3ul) })
            await service.Run("add", service.Write(new GeneratedContent(name, seed, 1 << 14, [new("a.bin", 1)])), "--paused");
        var story = new GeneratedContent("Fedora: a story", 3, 1 << 14, [new("a.bin", 1)]).InfoHash.ToString();

        Assert.Equal("complete -o default -F _actortorrent actortorrent", (await Bash("complete -p actortorrent")).Trim());
        Assert.Equal(["password", "pause"], (await Complete("actortorrent pa")).Order(StringComparer.Ordinal));
        Assert.Equal(["--paused"], await Complete("actortorrent add --pau"));
        await Names(["Debian-13", @"Debian\ 12"], "actortorrent pause Deb");
        await Names([story], $"actortorrent info {story[..5]}");
        // Nobody is there.
        Assert.Empty(await Complete("actortorrent pause Deb", url: "http://127.0.0.1:1"));

        // A service that takes its time is not waited for; a busy machine takes its time.
        async Task Names(string[] expected, string line)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            string[] found;
            while ((found = await Complete(line)).Length == 0 && !patience.IsCancellationRequested)
            {
                // Once more.
            }
            Assert.Equal(expected, found.Order(StringComparer.Ordinal));
        }

        async Task<string[]> Complete(string line, string? url = null)
        {
            var words = line.Split(' ');
            var output = await Bash(string.Join('\n', [
                $"export ACTORTORRENT_URL='{url ?? service.Url}'",
                $"COMP_WORDS=({string.Join(' ', words.Select(static word => $"'{word}'"))}); COMP_CWORD={words.Length - 1}",
                $"COMP_LINE='{line}'; COMP_POINT={line.Length}",
                "_actortorrent",
                "for word in ${COMPREPLY[@]+\"${COMPREPLY[@]}\"}; do printf '%s\\n' \"$word\"; done",
            ]));
            return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
    }

    [Theory]
    [InlineData("bash", "complete -o default -F _actortorrent actortorrent\n")]
    [InlineData("zsh", "compdef _actortorrent actortorrent\n")]
    [InlineData("fish", "complete -c actortorrent")]
    public async Task Each_shell_has_its_script(string shell, string part)
    {
        var result = await Command.Run("completion", shell);

        Assert.Equal(ExitCode.Ok, result.ExitCode);
        Assert.Contains(part, result.Output, StringComparison.Ordinal);
        Assert.Contains("[suggest:", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\r', result.Output);
    }

    [Fact]
    public async Task Another_shell_is_refused() => Assert.Equal(ExitCode.BadInput, (await Command.Run("completion", "cmd")).ExitCode);

    /// <summary>Runs lines in a bash that has read our script and finds our program.</summary>
    private async Task<string> Bash(string lines)
    {
        var host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } path ? path : "dotnet";
        var program = _folder.Write("bin/actortorrent", System.Text.Encoding.UTF8.GetBytes($"#!/bin/sh\nexec '{host}' '{Path.Combine(AppContext.BaseDirectory, "actortorrent.dll")}' \"$@\"\n"));
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);
        var script = _folder.Write("script", System.Text.Encoding.UTF8.GetBytes((await Command.Run("completion", "bash")).Output));
        var start = new ProcessStartInfo("bash", ["--norc", "--noprofile", "-c", $"set -u; . '{script}'\n{lines}"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["PATH"] = $"{Path.GetDirectoryName(program)}:{Environment.GetEnvironmentVariable("PATH")}" },
        };
        using var bash = Process.Start(start)!;
        var (output, error) = (bash.StandardOutput.ReadToEndAsync(), bash.StandardError.ReadToEndAsync());
        await bash.WaitForExitAsync();
        Assert.Equal("", await error);
        return await output;
    }
}
