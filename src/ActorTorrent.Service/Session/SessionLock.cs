using System.Globalization;

namespace ActorTorrent.Service.Session;

/// <summary>Keeps a second instance out of a session's folder. The system gives it back when the process ends, however that happens.</summary>
internal sealed class SessionLock : IDisposable
{
    private readonly FileStream _file;

    private SessionLock(FileStream file) => _file = file;

    /// <summary>Takes the folder.</summary>
    /// <param name="folder">The folder; it exists.</param>
    /// <exception cref="SessionException">Another process has it, or it cannot be written to.</exception>
    public static SessionLock Take(string folder)
    {
        var path = Path.Join(folder, "lock");
        try
        {
            var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            // Of its own: a file that is locked can not be read on every system.
            File.WriteAllText(PathOfOwner(folder), string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}\n"));
            return new SessionLock(file);
        }
        catch (IOException) when (File.Exists(path))
        {
            throw new SessionException(
                SessionErrorKind.Conflict, $"{folder} is in use by another instance{Owner(folder)}. Stop it, or name another folder with --data.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SessionException(SessionErrorKind.Failed, $"{path}: {e.Message}");
        }
    }

    public void Dispose() => _file.Dispose();

    private static string PathOfOwner(string folder) => Path.Join(folder, "pid");

    private static string Owner(string folder)
    {
        try
        {
            return $" (process {File.ReadAllText(PathOfOwner(folder)).Trim()})";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
