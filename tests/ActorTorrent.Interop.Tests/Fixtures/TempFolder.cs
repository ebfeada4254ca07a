namespace ActorTorrent.Interop.Tests.Fixtures;

/// <summary>A folder of a test's own, in memory where the machine has room for that; gone with the test.</summary>
public sealed class TempFolder : IDisposable
{
    private const string Memory = "/dev/shm";
    private const long Wanted = 4L << 30;

    public TempFolder()
    {
        var parent = Directory.Exists(Memory) && new DriveInfo(Memory).AvailableFreeSpace >= Wanted ? Memory : System.IO.Path.GetTempPath();
        Path = System.IO.Path.Combine(parent, "actortorrent-tests-" + Guid.NewGuid().ToString("N")[..12]);
        Directory.CreateDirectory(Path);
    }

    public string Path { get; }

    /// <summary>A new folder in this one.</summary>
    public string Make(string name)
    {
        var path = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(path);
        return path;
    }

    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // The test removed it.
        }
    }
}
