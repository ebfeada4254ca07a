using System.CommandLine;
using System.Globalization;
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
        var command = new Command("show", "Print what a torrent file says.") { torrent };
        command.SetAction(async (parsed, stop) =>
        {
            var metainfo = await TorrentSource.LoadAsync(parsed.GetValue(torrent)!, stop).ConfigureAwait(false);
            await parsed.InvocationConfiguration.Output.WriteAsync(Describe(metainfo)).ConfigureAwait(false);
            return ExitCode.Ok;
        });
        return command;
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
