namespace ActorTorrent.Engine.Storage;

/// <summary>The one place where the system's errors become <see cref="DiskFault"/>s.</summary>
internal static class DiskFaults
{
    /// <summary>What an <see cref="IOException"/> bears that was not made from one of the system's errors.</summary>
    public const int NoNumber = unchecked((int)0x80131620);

    private const string OutOfSpace = "No space is left on the device.";
    private const int InvalidArgument = 22;
    private const int IllegalBytesLinux = 84;
    private const int IllegalBytesMac = 92;
    private const int InvalidNameWindows = unchecked((int)0x8007007B);

    public static DiskFault From(string operation, string path, Exception failure)
    {
        if (failure is DiskFaultException known)
            return known.Fault;
        var (kind, reason, isFatal) = Explain(path, failure);
        return new DiskFault(operation, path, reason, isFatal) { Kind = kind };
    }

    public static DiskFaultException Exception(string operation, string path, Exception failure) =>
        failure as DiskFaultException ?? new DiskFaultException(From(operation, path, failure), failure);

    public static DiskFault NoSpace(string operation, string path) =>
        new(operation, path, OutOfSpace, IsFatal: false) { Kind = DiskFaultKind.NoSpace };

    public static DiskFaultException Vanished(string operation, string path) =>
        new(new DiskFault(operation, path, "It was there and is gone.", IsFatal: false) { Kind = DiskFaultKind.Vanished });

    public static DiskFaultException Changed(string operation, string path, int file) =>
        new(new DiskFault(operation, path, "Another program changed it.", IsFatal: false) { Kind = DiskFaultKind.Changed, File = file });

    /// <summary>Whether the file system does not take a name, which another name could help.</summary>
    public static bool IsNameRefused(Exception failure) => failure switch
    {
        PathTooLongException => true,
        DiskFaultException => false,
        IOException { HResult: InvalidArgument or IllegalBytesLinux or IllegalBytesMac } => !OperatingSystem.IsWindows(),
        IOException { HResult: InvalidNameWindows } => OperatingSystem.IsWindows(),
        ArgumentException or NotSupportedException => failure is not ArgumentOutOfRangeException,
        _ => false,
    };

    private static (DiskFaultKind Kind, string Reason, bool IsFatal) Explain(string path, Exception failure)
    {
        if (failure is PathTooLongException)
            return (DiskFaultKind.NameRefused, "The name is too long for the file system.", true);
        if (IsOutOfSpace(failure))
            return (DiskFaultKind.NoSpace, OutOfSpace, false);
        if (IsReadOnly(failure))
            return (DiskFaultKind.ReadOnly, "The file system is read-only.", true);
        if (failure is IOException or UnauthorizedAccessException && FileAbove(path) is { } file)
            return (DiskFaultKind.Other, $"{file} is a file, not a folder.", true);
        return failure switch
        {
            UnauthorizedAccessException => (DiskFaultKind.Denied, "Permission denied.", true),
            FileNotFoundException or DirectoryNotFoundException => (DiskFaultKind.Vanished, "It does not exist.", false),
            DriveNotFoundException => (DiskFaultKind.Vanished, "The drive does not exist.", false),
            // What the runtime makes of a length that the file system cannot hold.
            ArgumentOutOfRangeException => (DiskFaultKind.Other, "The file is larger than the file system allows.", true),
            _ when IsNameRefused(failure) => (DiskFaultKind.NameRefused, "The file system refuses the name.", true),
            _ => (DiskFaultKind.Other, failure.Message, false),
        };
    }

    private static bool IsOutOfSpace(Exception failure) =>
        failure is IOException && (OperatingSystem.IsWindows()
            ? failure.HResult is unchecked((int)0x80070070) or unchecked((int)0x80070027)
            : failure.HResult == 28 || failure.HResult == (OperatingSystem.IsLinux() ? 122 : 69) || failure.HResult == unchecked((int)0x80070070));

    private static bool IsReadOnly(Exception failure)
    {
        var code = failure is UnauthorizedAccessException { InnerException: IOException inner } ? inner.HResult : failure.HResult;
        return OperatingSystem.IsWindows() ? code == unchecked((int)0x80070013) : code == 30;
    }

    /// <summary>The regular file that stands where the path needs a folder.</summary>
    private static string? FileAbove(string path)
    {
        for (var parent = Path.GetDirectoryName(path); !string.IsNullOrEmpty(parent); parent = Path.GetDirectoryName(parent))
        {
            if (File.Exists(parent))
                return parent;
            if (Directory.Exists(parent))
                return null;
        }
        return null;
    }
}
