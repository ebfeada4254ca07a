using System.Diagnostics;
using ActorTorrent.Interop.Tests.Fixtures;

namespace ActorTorrent.Benchmarks.Transfer;

/// <summary>Our own program as its users get it: published as one file.</summary>
internal static class PublishedProgram
{
    /// <summary>The forms: trimmed and precompiled; native, for any processor with AVX2; native, for the processor of this machine.</summary>
    public static IReadOnlyList<string> Forms { get; } = ["trimmed", "native", "own"];

    /// <summary>What the SDK links native programs with: the first that is there.</summary>
    private static readonly string[] Linkers = ["clang", "gcc"];

    /// <summary>The folder of the repository.</summary>
    public static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "ActorTorrent.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException($"There is no solution above {AppContext.BaseDirectory}");
        return folder;
    }

    /// <summary>Publishes it to <c>artifacts/bench</c>.</summary>
    /// <param name="form">One of <see cref="Forms"/>; null: native where there is a linker and it works.</param>
    /// <param name="keeps">Whether one that is there already is taken as it is.</param>
    /// <param name="stop">Ends the wait.</param>
    /// <returns>The path of the program, and which form it is.</returns>
    public static async Task<(string Path, string Form)> MakeAsync(string? form, bool keeps, CancellationToken stop)
    {
        if (form is not null)
            return (await MakeFormAsync(form, keeps, stop), form);
        if (Linkers.Any(Programs.IsThere))
        {
            try
            {
                return (await MakeFormAsync("native", keeps, stop), "native");
            }
            catch (InvalidOperationException e)
            {
                await Console.Error.WriteLineAsync($"not native: {e.Message}");
            }
        }
        return (await MakeFormAsync("trimmed", keeps, stop), "trimmed");
    }

    private static async Task<string> MakeFormAsync(string form, bool keeps, CancellationToken stop)
    {
        var folder = Path.Combine(Root(), "artifacts", "bench", form);
        var program = Path.Combine(folder, "actortorrent");
        if (keeps && File.Exists(program))
            return program;
        await Console.Error.WriteLineAsync($"publishing ({form})");
        await OutputAsync(
            Programs.Dotnet,
            [
                "publish", Path.Combine(Root(), "src", "ActorTorrent.Cli"),
                "-c", "Release", "-r", "linux-x64", "-o", folder, "--nologo", "--disable-build-servers", "-p:ActorRuntime=Embedded",
                .. form == "trimmed" ? Array.Empty<string>() : ["-p:PublishAot=true"],
                .. form == "own" ? ["-p:IlcInstructionSet=native"] : Array.Empty<string>(),
            ],
            stop);
        return program;
    }

    /// <summary>Runs a program and takes what it printed.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static async Task<string> OutputAsync(string program, IEnumerable<string> arguments, CancellationToken stop)
    {
        var start = new ProcessStartInfo(program) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(stop);
        var error = process.StandardError.ReadToEndAsync(stop);
        await process.WaitForExitAsync(stop);
        var text = (await output + await error).Trim();
        return process.ExitCode == 0 ? text : throw new InvalidOperationException($"{program} ended with {process.ExitCode}:\n{text}");
    }
}
