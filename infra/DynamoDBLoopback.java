import com.amazonaws.services.dynamodbv2.local.main.ServerRunner;
import com.amazonaws.services.dynamodbv2.local.server.DynamoDBProxyServer;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/**
 * Starts the official DynamoDB Local on the loopback address alone. Its own
 * command line listens on every address of the machine and has no option
 * against that, so its Jetty server is given a host before it starts.
 */
public class DynamoDBLoopback {
    public static void main(String[] args) throws Exception {
        DynamoDBProxyServer dynamodb = ServerRunner.createServerFromCommandLineArgs(args);
        var field = DynamoDBProxyServer.class.getDeclaredField("server");
        field.setAccessible(true);
        for (Connector c : ((Server) field.get(dynamodb)).getConnectors()) {
            ((ServerConnector) c).setHost("127.0.0.1");
        }
        dynamodb.start();
        dynamodb.join();
    }
}
