using System.Globalization;
using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Engine.Resume;

/// <summary>
/// Holds a torrent in a folder of resume data for one program: two that wrote the same resume data would each claim what the other has. The system
/// lets go of it when the program ends, however it ends.
/// </summary>
public sealed class TorrentLock : IDisposable
{
    private const string HolderExtension = ".pid";

    private readonly FileStream _file;

    private TorrentLock(FileStream file) => _file = file;

    /// <summary>Takes a torrent.</summary>
    /// <param name="folder">The folder; made when it is not there.</param>
    /// <param name="infoHash">The torrent.</param>
    /// <exception cref="TorrentLockedException">Another program has it.</exception>
    /// <exception cref="IOException">The folder cannot be used.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder is not ours to write.</exception>
    public static TorrentLock Take(string folder, InfoHash infoHash)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Join(folder, infoHash + ".lock");
        FileStream file;
        try
        {
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException e) when (File.Exists(path))
        {
            throw new TorrentLockedException($"Torrent {infoHash} is in the hands of {Holder(path)}, which keeps its resume data in {folder}. Stop it first, or use another folder (--state).", e);
        }
        // Of its own: a file that is locked can not be read on every system.
        File.WriteAllText(path + HolderExtension, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        return new TorrentLock(file);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Before it is let go, so that nobody else's is deleted.
        File.Delete(_file.Name + HolderExtension);
        File.Delete(_file.Name);
        _file.Dispose();
    }

    private static string Holder(string path)
    {
        try
        {
            return int.TryParse(File.ReadAllText(path + HolderExtension), CultureInfo.InvariantCulture, out var process)
                ? string.Create(CultureInfo.InvariantCulture, $"another program, process {process}")
                : "another program";
        }
        catch (IOException)
        {
            // It is only just being taken, or let go.
            return "another program";
        }
    }
}
