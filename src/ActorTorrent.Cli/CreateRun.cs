using System.Diagnostics;
using ActorTorrent.Engine.Checking;
using ActorTorrent.Engine.Creation;

namespace ActorTorrent.Cli;

/// <summary>One torrent from the arguments of <c>create</c> to its file.</summary>
/// <param name="Source">The file or folder to share.</param>
/// <param name="Output">The torrent file; null for the content's name here.</param>
/// <param name="Replaces">Whether a torrent file that is there gives way.</param>
/// <param name="Recipe">What it says.</param>
internal sealed record CreateRun(string Source, string? Output, bool Replaces, TorrentRecipe Recipe)
{
    /// <summary>Makes the torrent and writes it.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="InputException">An argument cannot be used.</exception>
    public async Task<int> RunAsync(TextWriter output, TextWriter error, JsonLines? json, CancellationToken stop)
    {
        if (Source.Length == 0)
            throw new InputException("PATH is empty; name the file or folder to share.");
        try
        {
            return await MakeAsync(output, error, json, stop).ConfigureAwait(false);
        }
        catch (CreationException e)
        {
            await error.WriteLineAsync(Text.Printable(e.Message)).ConfigureAwait(false);
            return e.Failure switch
            {
                CreationFailure.BadInput => ExitCode.BadInput,
                CreationFailure.Disk => ExitCode.Disk,
                _ => ExitCode.Failed,
            };
        }
    }

    private async Task<int> MakeAsync(TextWriter output, TextWriter error, JsonLines? json, CancellationToken stop)
    {
        var given = Output is null ? null : Target(Output);
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(Source)));
        var tree = await Task.Run(() => SourceTree.Scan(Source, Recipe.Style, given ?? Path.GetFullPath(name + ".torrent"), stop), stop).ConfigureAwait(false);
        var target = given ?? Target(tree.Name + ".torrent");
        foreach (var skipped in tree.Skipped)
            await error.WriteLineAsync($"left out {Text.Printable(skipped)}").ConfigureAwait(false);
        var progress = new WorkProgress(tree.TotalLength);
        var started = Stopwatch.GetTimestamp();
        var work = TorrentCreator.CreateAsync(tree, Recipe, progress, stop);
        var torrent = await WorkView.ShowAsync("hashed", work, progress, output, json).ConfigureAwait(false);
        var elapsed = Stopwatch.GetElapsedTime(started);
        if (AtomicFile.Write(target, torrent.Bytes.Span, Replaces) is { } fault)
        {
            await error.WriteLineAsync($"{fault.Path}: {fault.Reason}").ConfigureAwait(false);
            return ExitCode.Disk;
        }
        var layout = torrent.Metainfo.Layout;
        if (json is not null)
        {
            json.Write("created", writer =>
            {
                writer.WriteString("path", target);
                writer.WriteString("name", torrent.Metainfo.Name);
                writer.WriteString("infoHash", torrent.Metainfo.InfoHash.ToString());
                writer.WriteNumber("bytes", layout.TotalLength);
                writer.WriteNumber("files", layout.Files.Count);
                writer.WriteNumber("pieces", layout.PieceCount);
                writer.WriteNumber("pieceLength", layout.PieceLength);
                writer.WriteNumber("seconds", Math.Round(elapsed.TotalSeconds, 3));
            });
            return ExitCode.Ok;
        }
        await output.WriteLineAsync(
            $"{Text.Printable(torrent.Metainfo.Name)}: {Text.Bytes(layout.TotalLength)} in {Text.Count(layout.Files.Count, "file")}, {Text.Count(layout.PieceCount, "piece")} of {Text.Bytes(layout.PieceLength)}").ConfigureAwait(false);
        await output.WriteLineAsync($"info hash {torrent.Metainfo.InfoHash}").ConfigureAwait(false);
        await output.WriteLineAsync($"written to {target}").ConfigureAwait(false);
        return ExitCode.Ok;
    }

    /// <summary>Refuses, before anything is hashed, to write where something is.</summary>
    private string Target(string path)
    {
        var full = Path.GetFullPath(path);
        if (Directory.Exists(full) || Path.EndsInDirectorySeparator(path))
            throw new InputException($"--output: {full} is a folder; name the file.");
        if (File.Exists(full) && !Replaces)
            throw new InputException($"--output: {full} is there already; name another, or give --force to replace it.");
        return full;
    }
}
