using System.Net;
using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Cli;

/// <summary>Gets a torrent file from a path or an HTTP(S) address, or reads a magnet link.</summary>
internal static class TorrentSource
{
    private const int LongestFile = 64 << 20;
    private static readonly TimeSpan LongestFetch = TimeSpan.FromSeconds(30);

    /// <summary>Reads a magnet link or bare info hash; null when the text is none, and a path or address instead.</summary>
    /// <param name="source">The text.</param>
    /// <exception cref="InputException">It is meant as a link and cannot be used.</exception>
    public static MagnetLink? ReadMagnet(string source)
    {
        if (!MagnetLink.IsMeant(source) || File.Exists(source))
            return null;
        try
        {
            return MagnetLink.Parse(source);
        }
        catch (MagnetFormatException e)
        {
            throw new InputException(Text.Printable(e.Message));
        }
    }

    /// <summary>Reads and parses a torrent file.</summary>
    /// <param name="source">A path, or an address that starts with http:// or https://.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="InputException">It cannot be read or is no usable torrent file.</exception>
    public static async Task<TorrentMetainfo> LoadAsync(string source, CancellationToken stop)
    {
        if (ReadMagnet(source) is not null)
            throw new InputException($"'{Shorten(source)}' is a magnet link; this command takes a torrent file or its http(s) address ('show --save FILE.torrent' makes one).");
        var bytes = await LoadBytesAsync(source, stop).ConfigureAwait(false);
        try
        {
            return TorrentFileParser.Parse(bytes);
        }
        catch (TorrentFormatException e)
        {
            throw new InputException($"{source}: {e.Message}");
        }
    }

    /// <summary>Reads a torrent file's bytes, whatever they are.</summary>
    /// <param name="source">A path, or an address that starts with http:// or https://.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="InputException">It cannot be read.</exception>
    public static async Task<byte[]> LoadBytesAsync(string source, CancellationToken stop) =>
        IsAddress(source) ? await FetchAsync(source, stop).ConfigureAwait(false) : Read(source);

    private static bool IsAddress(string source)
        => source.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || source.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    private static byte[] Read(string path)
    {
        try
        {
            var length = new FileInfo(path).Length;
            if (length > LongestFile)
                throw new InputException($"{path}: {length} bytes are more than a torrent file has (at most {LongestFile}).");
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputException(Directory.Exists(path) ? $"{path}: is a folder, not a torrent file." : $"{path}: no such file.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: {e.Message}");
        }
    }

    private static async Task<byte[]> FetchAsync(string address, CancellationToken stop)
    {
        using var client = new HttpClient { Timeout = LongestFetch, MaxResponseContentBufferSize = LongestFile };
        try
        {
            using var response = await client.GetAsync(new Uri(address), stop).ConfigureAwait(false);
            if (response.StatusCode != HttpStatusCode.OK)
                throw new InputException($"{address}: the server answered {(int)response.StatusCode} {response.ReasonPhrase}.");
            return await response.Content.ReadAsByteArrayAsync(stop).ConfigureAwait(false);
        }
        catch (Exception e) when (e is HttpRequestException or UriFormatException)
        {
            throw new InputException($"{address}: {e.Message}");
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new InputException($"{address}: no answer within {LongestFetch.TotalSeconds:0} s.");
        }
    }

    private static string Shorten(string text) => text.Length <= 60 ? text : text[..57] + "...";
}
