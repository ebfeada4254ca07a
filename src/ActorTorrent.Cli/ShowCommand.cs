using System.CommandLine;
using System.Globalization;
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
            Description = "A torrent file, or its http(s) address.",
            HelpName = "FILE.torrent|URL",
        };
        var scrape = new Option<bool>("--scrape") { Description = "Ask its trackers how many seeders, leechers and completed downloads they know of." };
        var command = new Command("show", "Print what a torrent file says.") { torrent, scrape };
        command.SetAction(async (parsed, stop) =>
        {
            var metainfo = await TorrentSource.LoadAsync(parsed.GetValue(torrent)!, stop).ConfigureAwait(false);
            var output = parsed.InvocationConfiguration.Output;
            await output.WriteAsync(Describe(metainfo)).ConfigureAwait(false);
            if (parsed.GetValue(scrape))
                await output.WriteAsync(await ScrapeAsync(metainfo, stop).ConfigureAwait(false)).ConfigureAwait(false);
            return ExitCode.Ok;
        });
        return command;
    }

    /// <summary>Asks all trackers at once, and makes a line of what each says.</summary>
    private static async Task<string> ScrapeAsync(TorrentMetainfo metainfo, CancellationToken stop)
    {
        var trackers = metainfo.AnnounceTiers.SelectMany(static tier => tier).Distinct().ToArray();
        var asking = new AskingTrackers();
        await using (asking.ConfigureAwait(false))
        {
            var lines = await Task.WhenAll(trackers.Select(async tracker =>
            {
                if (!TrackerClients.CanAsk(tracker))
                    return $"{tracker.Scheme} trackers are not asked";
                return await asking.Client.ScrapeAsync(tracker, [metainfo.InfoHash], stop).ConfigureAwait(false) switch
                {
                    ScrapeAnswer.Failure failure => Text.Printable(failure.Error.Message),
                    ScrapeAnswer.Success success when success.Torrents.TryGetValue(metainfo.InfoHash, out var numbers) => string.Create(
                        CultureInfo.InvariantCulture,
                        $"{Text.Count(numbers.Seeders, "seeder")}, {Text.Count(numbers.Leechers, "leecher")}, {numbers.Downloaded} completed"),
                    _ => "does not know this torrent",
                };
            })).ConfigureAwait(false);
            return string.Concat(trackers.Zip(lines, static (tracker, line) => $"scrape:     {tracker}: {line}{Environment.NewLine}"));
        }
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
