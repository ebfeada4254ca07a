namespace Akka.Hosting;

public enum HoconAddMode
{
    Append,
    Prepend,
    Replace,
}
