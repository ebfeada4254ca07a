using System.Globalization;
using ActorTorrent.Engine.Checking;
using ActorTorrent.Engine.Faults;
using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Cli;

/// <summary>What a check found, for people and for programs.</summary>
internal static class CheckText
{
    private const int MostRanges = 8;

    /// <summary>A line for each file that is not as it should be, and one for the whole.</summary>
    public static string Of(TorrentMetainfo torrent, DataCheckResult result)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        foreach (var file in result.Files)
        {
            if (file.State != FileCheckState.Good)
                text.WriteLine($"{Name(file.State),-9}  {Text.Printable(file.File.Path)}{Detail(torrent, result, file)}");
        }
        var good = result.Files.Count(static file => file.State == FileCheckState.Good);
        text.WriteLine(result.IsComplete
            ? $"complete: {Text.Count(torrent.Layout.PieceCount, "piece")}, {Text.Count(result.Files.Count, "file")}, {Text.Bytes(torrent.Layout.TotalLength)}"
            : string.Create(CultureInfo.InvariantCulture, $"incomplete: {result.Have.SetCount} of {torrent.Layout.PieceCount} pieces are good, {result.MissingPieces} missing, {result.BadPieces} bad; {good} of {result.Files.Count} files are good"));
        return text.ToString();
    }

    /// <summary>A line of JSON for each file, and one for the whole.</summary>
    public static void Write(JsonLines json, TorrentMetainfo torrent, DataCheckResult result, TimeSpan elapsed)
    {
        foreach (var file in result.Files)
        {
            json.Write("file", writer =>
            {
                writer.WriteString("path", file.File.Path);
                writer.WriteString("state", FaultNames.SnakeCase(file.State.ToString()));
                writer.WriteNumber("bytes", file.File.Length);
                if (file.Length is { } length)
                    writer.WriteNumber("bytesOnDisk", length);
                else
                    writer.WriteNull("bytesOnDisk");
                writer.WriteNumber("pieces", file.Pieces);
                writer.WriteNumber("goodPieces", file.GoodPieces);
                writer.WriteString("notGood", PieceRanges.Of(NotGood(torrent, result, file)));
            });
        }
        json.Write(result.IsComplete ? "complete" : "incomplete", writer =>
        {
            writer.WriteString("infoHash", torrent.InfoHash.ToString());
            writer.WriteNumber("pieces", torrent.Layout.PieceCount);
            writer.WriteNumber("goodPieces", result.Have.SetCount);
            writer.WriteNumber("missingPieces", result.MissingPieces);
            writer.WriteNumber("badPieces", result.BadPieces);
            writer.WriteNumber("files", result.Files.Count);
            writer.WriteNumber("goodFiles", result.Files.Count(static file => file.State == FileCheckState.Good));
            writer.WriteNumber("seconds", Math.Round(elapsed.TotalSeconds, 3));
        });
    }

    private static string Name(FileCheckState state) => FaultNames.SnakeCase(state.ToString()).Replace('_', ' ');

    private static string Detail(TorrentMetainfo torrent, DataCheckResult result, FileCheck file)
    {
        var length = file.Length is { } found && found != file.File.Length
            ? string.Create(CultureInfo.InvariantCulture, $"  {found} instead of {file.File.Length} bytes")
            : "";
        return file.GoodPieces == file.Pieces
            ? length
            : string.Create(CultureInfo.InvariantCulture, $"{length}  {file.Pieces - file.GoodPieces} of {file.Pieces} pieces are not good: {PieceRanges.Of(NotGood(torrent, result, file), MostRanges)}");
    }

    private static IEnumerable<int> NotGood(TorrentMetainfo torrent, DataCheckResult result, FileCheck file)
    {
        if (torrent.Layout.PiecesOf(file.File.Index) is not { } pieces)
            yield break;
        for (var piece = pieces.First.Value; piece <= pieces.Last.Value; piece++)
        {
            if (!result.Have[new PieceIndex(piece)])
                yield return piece;
        }
    }
}
