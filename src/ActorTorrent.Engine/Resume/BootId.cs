namespace ActorTorrent.Engine.Resume;

/// <summary>
/// Names one run of the operating system, from its start to its end. What was written and not forced to the disk survives the end
/// of a program, but perhaps not the end of the system.
/// </summary>
internal static class BootId
{
    private const string Source = "/proc/sys/kernel/random/boot_id";

    /// <summary>The name; empty where the system has none.</summary>
    public static string Current { get; } = Read();

    private static string Read()
    {
        try
        {
            return File.Exists(Source) ? File.ReadAllText(Source).Trim() : string.Empty;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return string.Empty;
        }
    }
}
