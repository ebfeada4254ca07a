using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Engine.Resume;

/// <summary>Compares resume data with what is on disk. Pure.</summary>
internal static class ResumeCheck
{
    /// <summary>After this long every system has written its cached bytes to the disk by itself.</summary>
    public static readonly TimeSpan Settled = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Judges resume data; null when it says nothing about this torrent in this folder. A file whose length or time changed
    /// makes its pieces suspect; so does one that was written shortly before the save, not forced to the disk, when the system has started
    /// anew since.
    /// </summary>
    /// <param name="data">The resume data.</param>
    /// <param name="layout">The torrent.</param>
    /// <param name="folder">Where the files are looked for.</param>
    /// <param name="boot">The system's run now.</param>
    /// <param name="files">A stamp a file, as they are now.</param>
    /// <param name="parts">The side file's stamp now.</param>
    /// <param name="isWanted">Whether the user wants a file now: then it is looked for in its own place only.</param>
    public static ResumeVerdict? Judge(
        ResumeData data, FileLayout layout, string folder, string boot, IReadOnlyList<FileStamp> files, FileStamp parts, Func<int, bool> isWanted)
    {
        if (data.Have.Count != layout.PieceCount || data.Files.Count != layout.Files.Count || !IsSame(data.Folder, folder))
            return null;
        var mayBeUnwritten = !data.IsSynced && data.Boot != boot;
        var isPartsSuspect = IsSuspect(data.Parts, parts);
        var trusted = data.Have.Clone();
        var suspect = new Bitfield(layout.PieceCount);
        foreach (var file in layout.Files)
        {
            if (file.IsPadding || layout.PiecesOf(file.Index) is not var (first, last))
                continue;
            var (then, now) = (data.Files[file.Index], files[file.Index]);
            if (then.IsMissing && now.IsMissing)
            {
                // What was claimed of it lay in the side file; if the file is wanted now, nobody looks there any more.
                if (!isPartsSuspect && !isWanted(file.Index))
                    continue;
                for (var piece = first; piece.Value <= last.Value; piece = new PieceIndex(piece.Value + 1))
                {
                    if (trusted.Clear(piece))
                        suspect.Set(piece);
                }
                continue;
            }
            if (!IsSuspect(then, now))
                continue;
            for (var piece = first; piece.Value <= last.Value; piece = new PieceIndex(piece.Value + 1))
            {
                trusted.Clear(piece);
                suspect.Set(piece);
            }
        }
        return new ResumeVerdict(trusted, suspect);

        bool IsSuspect(FileStamp then, FileStamp now) =>
            then != now || (mayBeUnwritten && !then.IsMissing && data.SavedAt.UtcTicks - then.ModifiedTicks < Settled.Ticks);
    }

    /// <summary>Whether two absolute folders are the same by their names.</summary>
    public static bool IsSame(string one, string other) =>
        string.Equals(
            Path.TrimEndingDirectorySeparator(one),
            Path.TrimEndingDirectorySeparator(other),
            OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);
}
