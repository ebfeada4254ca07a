using System.CommandLine;
using System.Globalization;
using System.Net;
using ActorTorrent.Engine.Creation;
using ActorTorrent.Engine.Trackers;
using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Cli;

/// <summary>The verb <c>show</c>: what a torrent file says.</summary>
internal static class ShowCommand
{
    /// <summary>Makes the verb.</summary>
    public static Command Create()
    {
        var torrent = new Argument<string>("torrent")
        {
            Description = "A torrent file, its http(s) address, a magnet link, or a bare info hash.",
            HelpName = "FILE.torrent|URL|MAGNET",
        };
        var save = new Option<string?>("--save")
        {
            Description = "Write the torrent file; a magnet link's metadata is fetched from peers for that.",
            HelpName = "FILE.torrent",
        };
        var force = new Option<bool>("--force") { Description = "Replace the file if it is there already." };
        var peers = new Option<string[]>("--peer") { Description = "A peer to ask for the metadata; may be repeated.", HelpName = "HOST:PORT" };
        var timeout = new Option<string?>("--timeout") { Description = "How long to try for the metadata, such as 2m; without it, as long as there is hope.", HelpName = "DURATION" };
        var profile = SettingsOptions.Profile();
        var state = SettingsOptions.State("metadata");
        var scrape = new Option<bool>("--scrape") { Description = "Ask its trackers how many seeders, leechers and completed downloads they know of." };
        var command = new Command("show", "Print what a torrent file or magnet link says, or write the torrent file.")
        {
            torrent, scrape, save, force, peers, timeout, profile, state,
        };
        command.SetAction(async (parsed, stop) =>
        {
            var streams = parsed.InvocationConfiguration;
            var source = parsed.GetValue(torrent)!;
            var file = parsed.GetValue(save);
            if (TorrentSource.ReadMagnet(source) is not { } magnet)
            {
                var metainfo = await TorrentSource.LoadAsync(source, stop).ConfigureAwait(false);
                var shown = await ShowAsync(metainfo, file, parsed.GetValue(force), streams).ConfigureAwait(false);
                if (parsed.GetValue(scrape))
                    await streams.Output.WriteAsync(await ScrapeAsync(metainfo.InfoHash, metainfo.AnnounceTiers.SelectMany(static tier => tier), stop).ConfigureAwait(false)).ConfigureAwait(false);
                return shown;
            }
            if (file is null)
            {
                await streams.Output.WriteAsync(Describe(magnet)).ConfigureAwait(false);
                if (parsed.GetValue(scrape))
                    await streams.Output.WriteAsync(await ScrapeAsync(magnet.InfoHash, magnet.Trackers, stop).ConfigureAwait(false)).ConfigureAwait(false);
                return ExitCode.Ok;
            }
            TimeSpan? patience = null;
            if (parsed.GetValue(timeout) is { } text)
                patience = ProbeDuration.TryParse(text, out var time) ? time : throw new InputException($"--timeout: '{text}' is not a duration such as 30s or 2m, of at most a day.");
            var known = new List<IPEndPoint>(await MagnetPeers.ResolveAsync(magnet, streams.Error, stop).ConfigureAwait(false));
            foreach (var peer in parsed.GetValue(peers) ?? [])
                known.AddRange(await PeerArgument.ResolveAsync(peer, stop).ConfigureAwait(false));
            var run = new MetadataRun(
                magnet, known, parsed.GetValue(profile) ?? [], StateFolder.Find(parsed.GetValue(state), Environment.GetEnvironmentVariable), patience);
            var (found, code) = await run.RunAsync(streams.Error, stop).ConfigureAwait(false);
            return found is null ? code : await ShowAsync(found, file, parsed.GetValue(force), streams).ConfigureAwait(false);
        });
        return command;
    }

    /// <summary>Asks all trackers at once, and makes a line of what each says.</summary>
    private static async Task<string> ScrapeAsync(InfoHash torrent, IEnumerable<Uri> named, CancellationToken stop)
    {
        var trackers = named.Distinct().ToArray();
        var asking = new AskingTrackers();
        await using (asking.ConfigureAwait(false))
        {
            var lines = await Task.WhenAll(trackers.Select(async tracker =>
            {
                if (!TrackerClients.CanAsk(tracker))
                    return $"{tracker.Scheme} trackers are not asked";
                return await asking.Client.ScrapeAsync(tracker, [torrent], stop).ConfigureAwait(false) switch
                {
                    ScrapeAnswer.Failure failure => Text.Printable(failure.Error.Message),
                    ScrapeAnswer.Success success when success.Torrents.TryGetValue(torrent, out var numbers) => string.Create(
                        CultureInfo.InvariantCulture,
                        $"{Text.Count(numbers.Seeders, "seeder")}, {Text.Count(numbers.Leechers, "leecher")}, {numbers.Downloaded} completed"),
                    _ => "does not know this torrent",
                };
            })).ConfigureAwait(false);
            return string.Concat(trackers.Zip(lines, static (tracker, line) => $"scrape:     {tracker}: {line}{Environment.NewLine}"));
        }
    }

    private static async Task<int> ShowAsync(TorrentMetainfo metainfo, string? file, bool replaces, InvocationConfiguration streams)
    {
        await streams.Output.WriteAsync(Describe(metainfo)).ConfigureAwait(false);
        if (file is null)
            return ExitCode.Ok;
        if (File.Exists(file) && !replaces)
            throw new InputException($"--save: {file}: is there already; --force replaces it.");
        var bytes = TorrentFileWriter.Write(metainfo.InfoBytes.Span, metainfo.AnnounceTiers, metainfo.WebSeeds);
        if (AtomicFile.Write(file, bytes, replaces) is not { } fault)
            return ExitCode.Ok;
        await streams.Error.WriteLineAsync($"{Text.Printable(fault.Path)}: {Text.Printable(fault.Reason)} (while trying to {fault.Operation})").ConfigureAwait(false);
        return ExitCode.Disk;
    }

    /// <summary>What a magnet link says.</summary>
    public static string Describe(MagnetLink magnet)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        text.WriteLine($"name:       {(magnet.Name is { } name ? Text.Printable(name) : "not known")}");
        text.WriteLine($"info hash:  {magnet.InfoHash}");
        text.WriteLine($"size:       {(magnet.Length is { } length ? $"{Text.Bytes(length)} ({length} bytes)" : "not known")}");
        if (magnet.IsHybrid)
            text.WriteLine("version:    hybrid (v1 and v2; used by its v1 half)");
        text.WriteLine(magnet.Trackers.Count == 0 ? "trackers:   none" : "trackers:");
        foreach (var tracker in magnet.Trackers)
            text.WriteLine($"  {tracker}");
        foreach (var peer in magnet.Peers)
            text.WriteLine($"peer:       {peer}");
        foreach (var seed in magnet.WebSeeds)
            text.WriteLine($"web seed:   {seed}");
        foreach (var ignored in magnet.Ignored)
            text.WriteLine($"ignored:    {Text.Printable(ignored)}");
        if (magnet.Selection.Count > 0)
            text.WriteLine($"files:      {string.Join(", ", magnet.Selection.Select(static range => range.First == range.Last ? Number(range.First) : $"{Number(range.First)}-{Number(range.Last)}"))}");
        text.WriteLine($"link:       {magnet}");
        return text.ToString();

        // As files are numbered here, from 1.
        static string Number(int index) => (index + 1L).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>The text that the verb prints.</summary>
    public static string Describe(TorrentMetainfo metainfo)
    {
        var layout = metainfo.Layout;
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        text.WriteLine($"name:       {Text.Printable(metainfo.Name)}");
        text.WriteLine($"info hash:  {metainfo.InfoHash}");
        text.WriteLine($"size:       {Text.Bytes(layout.TotalLength)} ({layout.TotalLength} bytes)");
        text.WriteLine($"pieces:     {layout.PieceCount} of {Text.Bytes(layout.PieceLength)}");
        text.WriteLine($"private:    {(metainfo.IsPrivate ? "yes" : "no")}");
        if (metainfo.IsHybrid)
            text.WriteLine("version:    hybrid (v1 and v2; used by its v1 half)");
        if (metainfo.Comment is { } comment)
            text.WriteLine($"comment:    {Text.Printable(comment)}");
        if (metainfo.CreatedBy is { } createdBy)
            text.WriteLine($"created by: {Text.Printable(createdBy)}");
        if (metainfo.CreationDate is { } date)
            text.WriteLine($"created:    {date:yyyy-MM-dd HH:mm:ss} UTC");
        if (metainfo.Source is { } source)
            text.WriteLine($"source:     {Text.Printable(source)}");
        text.WriteLine(metainfo.AnnounceTiers.Count == 0 ? "trackers:   none" : "trackers:");
        for (var tier = 0; tier < metainfo.AnnounceTiers.Count; tier++)
        {
            foreach (var tracker in metainfo.AnnounceTiers[tier])
                text.WriteLine($"  tier {tier + 1}: {tracker}");
        }
        foreach (var ignored in metainfo.IgnoredTrackers)
            text.WriteLine($"  ignored: {Text.Printable(ignored)}");
        foreach (var seed in metainfo.WebSeeds)
            text.WriteLine($"web seed:   {seed}");
        text.WriteLine("files:");
        foreach (var file in layout.Files)
        {
            if (!file.IsPadding)
                text.WriteLine($"  {file.Index + 1,4}  {Text.Bytes(file.Length),10}  {Text.Printable(file.Path)}");
        }
        return text.ToString();
    }
}
